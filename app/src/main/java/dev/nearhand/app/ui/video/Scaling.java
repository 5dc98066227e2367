package dev.nearhand.app.ui.video;

/// How the remote screen fills the window.
public enum Scaling {
    /// As large as the window allows, keeping its shape.
    FIT,
    /// One remote pixel is one pixel of this screen; what does not fit is scrolled to.
    ONE_TO_ONE
}
