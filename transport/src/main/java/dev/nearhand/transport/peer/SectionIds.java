package dev.nearhand.transport.peer;

/// Numbers for sections, each given once.
final class SectionIds {
    private int last;

    int next() {
        return ++last;
    }
}
