package dev.nearhand.app.ui.viewer;

import dev.nearhand.app.ui.video.Scaling;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;

/// What the viewer window shows, without a scene graph. FX thread only.
public final class ViewerViewModel {
    private final ViewerActions actions;
    private final ReadOnlyStringWrapper title;
    private final ReadOnlyObjectWrapper<ViewerState> state = new ReadOnlyObjectWrapper<>(ViewerState.CONNECTING);
    private final ReadOnlyStringWrapper notice = new ReadOnlyStringWrapper("Connecting …");
    private final ReadOnlyStringWrapper statistics = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper details = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper connection = new ReadOnlyStringWrapper("Connecting …");
    private final ReadOnlyBooleanWrapper controlGranted = new ReadOnlyBooleanWrapper(true);
    private final ReadOnlyBooleanWrapper steerable = new ReadOnlyBooleanWrapper(true);
    private final BooleanProperty viewOnly = new SimpleBooleanProperty(false);
    private final BooleanProperty fullScreen = new SimpleBooleanProperty(false);
    private final ObjectProperty<Scaling> scaling = new SimpleObjectProperty<>(Scaling.FIT);
    private final BooleanBinding controlling;

    /// @param address what the window is called until the host says its name
    public ViewerViewModel(String address, ViewerActions actions) {
        this.actions = actions;
        this.title = new ReadOnlyStringWrapper(address);
        this.controlling = Bindings.createBooleanBinding(
                () -> state.get() == ViewerState.LIVE && steerable.get() && controlGranted.get() && !viewOnly.get(),
                state,
                steerable,
                controlGranted,
                viewOnly);
        viewOnly.addListener((_, _, now) -> actions.viewOnly(now));
    }

    public ReadOnlyStringProperty titleProperty() {
        return title.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<ViewerState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /// The sentence over the picture; empty while it is live.
    public ReadOnlyStringProperty noticeProperty() {
        return notice.getReadOnlyProperty();
    }

    /// Size, frames, rate and round trip in one line.
    public ReadOnlyStringProperty statisticsProperty() {
        return statistics.getReadOnlyProperty();
    }

    /// More figures than [#statisticsProperty], for those who ask.
    public ReadOnlyStringProperty detailsProperty() {
        return details.getReadOnlyProperty();
    }

    /// What the connection does, in words.
    public ReadOnlyStringProperty connectionProperty() {
        return connection.getReadOnlyProperty();
    }

    /// Whether the host lets this viewer steer.
    public ReadOnlyBooleanProperty controlGrantedProperty() {
        return controlGranted.getReadOnlyProperty();
    }

    /// Whether what is seen can be steered at all, by whomever.
    public ReadOnlyBooleanProperty steerableProperty() {
        return steerable.getReadOnlyProperty();
    }

    public BooleanProperty viewOnlyProperty() {
        return viewOnly;
    }

    public BooleanProperty fullScreenProperty() {
        return fullScreen;
    }

    public ObjectProperty<Scaling> scalingProperty() {
        return scaling;
    }

    /// Whether input goes to the host at this moment.
    public BooleanBinding controllingProperty() {
        return controlling;
    }

    public void disconnect() {
        if (state.get() != ViewerState.ENDED) {
            actions.disconnect();
            ended("You disconnected.");
        }
    }

    public void stage(String sentence) {
        if (state.get() == ViewerState.CONNECTING) {
            notice.set(sentence);
            connection.set(sentence);
        }
    }

    public void live() {
        if (state.get() != ViewerState.ENDED) {
            state.set(ViewerState.LIVE);
            notice.set("");
            connection.set("Connected, directly and encrypted");
        }
    }

    /// Nothing has come from the host for a while.
    public void silent(String sentence) {
        if (state.get() == ViewerState.LIVE || state.get() == ViewerState.FROZEN) {
            state.set(ViewerState.FROZEN);
            notice.set(sentence);
            connection.set("Reconnecting …");
        }
    }

    /// What is seen takes no input: it is a publication.
    public void seenOnly() {
        steerable.set(false);
    }

    public void granted(boolean control) {
        controlGranted.set(control);
    }

    /// @param words the main figures, for everybody
    /// @param all the others too
    public void statistics(String words, String all) {
        statistics.set(words);
        details.set(all);
    }

    /// The host calls itself so.
    public void hostNamed(String name) {
        title.set(name);
    }

    public void ended(String why) {
        state.set(ViewerState.ENDED);
        notice.set(why);
        connection.set("Ended");
    }
}
