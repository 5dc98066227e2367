package dev.nearhand.capture.tiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.screen.Rect;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrollDetectorTest {
    private static final Rect ALL = Rect.ofSize(500, 400);
    private static final Rect PAGE = new Rect(70, 50, 390, 300);

    private final Random random = new Random(11);
    private final Screens screen = new Screens(ALL.width(), ALL.height());
    /// Around what the copy does not make right.
    private Rect differing = Rect.ofSize(0, 0);

    private final SeenPicture seen = new SeenPicture(ALL.width(), ALL.height());

    private void see() {
        for (int x = 0; x < ALL.width(); x += TileGrid.SIDE) {
            seen.take(screen.frame(), new Rect(x, 0, Math.min(TileGrid.SIDE, ALL.width() - x), ALL.height()));
        }
    }

    private Optional<Copy> find(Rect region) {
        Optional<ScrollDetector.Found> found = new ScrollDetector().find(screen.frame(), seen, region);
        found.ifPresent(what -> differing = differing(what));
        return found.map(ScrollDetector.Found::copy);
    }

    private Rect differing(ScrollDetector.Found found) {
        TileGrid grid = new TileGrid(ALL.width(), ALL.height());
        Rect all = Rect.ofSize(0, 0);
        for (int tile : grid.under(found.copy().target())) {
            Rect part = grid.place(tile).intersection(found.copy().target());
            all = all.boundsWith(seen.differs(screen.frame(), part, found));
        }
        return all;
    }

    private void page() {
        screen.fill(ALL, 0x20_3040);
        screen.page(PAGE, random);
        see();
    }

    @ParameterizedTest
    @ValueSource(ints = {-150, -37, -14, -5, -1, 1, 3, 14, 29, 200})
    void aPageThatWasScrolledIsACopyOfItself(int dy) {
        page();
        screen.scroll(PAGE, 0, dy);
        Copy copy = find(PAGE).orElseThrow();
        assertThat(copy.dy()).isEqualTo(dy);
        assertThat(copy.dx()).isZero();
        // all but the blank edges of what has moved
        assertThat(copy.target().width()).isEqualTo(PAGE.width());
        assertThat(copy.target().height()).isGreaterThan(PAGE.height() - Math.abs(dy) - 2 * Screens.LINE);
        assertThat(differing.isEmpty()).isTrue();
    }

    @Test
    void damageAroundMoreThanThePageFindsThePage() {
        page();
        screen.scroll(PAGE, 0, -9);
        screen.text(new Rect(0, 390, 60, 10), random); // and something else has changed
        Copy copy = find(ALL).orElseThrow();
        assertThat(copy.dy()).isEqualTo(-9);
        assertThat(copy.target().intersection(PAGE).width()).isEqualTo(PAGE.width());
        assertThat(differing.isEmpty()).isTrue(); // of what is around it nothing is there that would be spoilt
    }

    @Test
    void whatChangedInTheMiddleOfItIsInsideOfTheCopyAndDiffers() {
        page();
        screen.scroll(PAGE, 0, -9);
        Rect caret = new Rect(200, 200, 3, 12);
        screen.fill(caret, 0xff_0000);
        Copy copy = find(PAGE).orElseThrow();
        assertThat(copy.target().intersection(caret)).isEqualTo(caret);
        assertThat(differing).isEqualTo(caret);
    }

    @Test
    void whereTwoPagesMoveDifferentlyTheLargerOneIsACopy() {
        page();
        screen.scroll(new Rect(70, 50, 100, 300), 0, 11);
        screen.scroll(new Rect(256, 50, 200, 300), 0, -21);
        Copy copy = find(PAGE).orElseThrow();
        assertThat(copy.dy()).isEqualTo(-21);
        assertThat(copy.target().x()).isEqualTo(256);
    }

    @Test
    void stripesThatFitInManyWaysAreNoCopyOrARightOne() {
        screen.fill(ALL, 0xff_ffff);
        for (int y = 0; y < ALL.height(); y += 10) {
            screen.fill(new Rect(0, y, ALL.width(), 4), 0);
        }
        see();
        screen.scroll(ALL, 0, 3);
        find(ALL);
        assertThat(differing.isEmpty()).isTrue();
    }

    @Test
    void blankLinesBetweenTheTextDoNotVote() {
        screen.fill(ALL, 0xff_ffff);
        for (int y = 10; y < 380; y += 60) {
            screen.text(new Rect(0, y, ALL.width(), 11), random);
        }
        see();
        screen.scroll(ALL, 0, -23);
        Copy copy = find(ALL).orElseThrow();
        assertThat(copy.dy()).isEqualTo(-23);
    }

    @Test
    void anotherPictureIsNone() {
        page();
        screen.page(PAGE, random);
        assertThat(find(PAGE)).isEmpty();
        screen.noise(PAGE, random);
        assertThat(find(PAGE)).isEmpty();
        screen.fill(PAGE, 7);
        assertThat(find(PAGE)).isEmpty();
    }

    @Test
    void theSamePictureIsNone() {
        page();
        assertThat(find(PAGE)).isEmpty();
    }

    @Test
    void whatIsSmallIsNotLookedAt() {
        page();
        screen.scroll(PAGE, 0, -9);
        assertThat(find(new Rect(70, 50, 63, 300))).isEmpty();
        assertThat(find(new Rect(70, 50, 390, 47))).isEmpty();
    }
}
