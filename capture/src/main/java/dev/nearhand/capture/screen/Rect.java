package dev.nearhand.capture.screen;

/// A rectangle of pixels; `x` grows to the right, `y` downwards. It may be empty and may lie at negative coordinates.
public record Rect(int x, int y, int width, int height) {
    public Rect {
        if (width < 0 || height < 0) {
            throw new IllegalArgumentException("a rectangle of " + width + "x" + height);
        }
    }

    public static Rect ofSize(int width, int height) {
        return new Rect(0, 0, width, height);
    }

    /// The first column to the right of it.
    public int right() {
        return x + width;
    }

    /// The first row below it.
    public int bottom() {
        return y + height;
    }

    public boolean isEmpty() {
        return width == 0 || height == 0;
    }

    public long area() {
        return (long) width * height;
    }

    public boolean contains(int px, int py) {
        return px >= x && py >= y && px < right() && py < bottom();
    }

    /// The part that both cover; empty when they do not meet.
    public Rect intersection(Rect other) {
        int left = Math.max(x, other.x);
        int top = Math.max(y, other.y);
        return new Rect(
                left,
                top,
                Math.max(0, Math.min(right(), other.right()) - left),
                Math.max(0, Math.min(bottom(), other.bottom()) - top));
    }

    /// The smallest rectangle around both; an empty one adds nothing.
    public Rect boundsWith(Rect other) {
        if (isEmpty()) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        int left = Math.min(x, other.x);
        int top = Math.min(y, other.y);
        return new Rect(left, top, Math.max(right(), other.right()) - left, Math.max(bottom(), other.bottom()) - top);
    }

    public Rect translated(int dx, int dy) {
        return new Rect(x + dx, y + dy, width, height);
    }
}
