package dev.nearhand.app.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/// `1280x720`.
record PictureSize(int width, int height) {
    static final int SIDE_LIMIT = 8192;

    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})[xX×](\\d{1,5})");

    static PictureSize parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (matcher.matches()) {
            int width = Integer.parseInt(matcher.group(1));
            int height = Integer.parseInt(matcher.group(2));
            if (width >= 1 && height >= 1 && width <= SIDE_LIMIT && height <= SIDE_LIMIT) {
                return new PictureSize(width, height);
            }
        }
        throw new TypeConversionException(
                "'" + text + "' is no size like 1280x720, at most " + SIDE_LIMIT + " each way");
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
