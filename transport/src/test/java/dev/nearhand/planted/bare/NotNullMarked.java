package dev.nearhand.planted.bare;

public final class NotNullMarked {
    public String text() {
        return "";
    }
}
