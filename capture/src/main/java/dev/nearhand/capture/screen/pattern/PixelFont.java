package dev.nearhand.capture.screen.pattern;

/// Letters of five by seven pixels for the characters from space to `~`; others look like a box. It needs no fonts of
/// the machine and no AWT.
final class PixelFont {
    static final int GLYPH_WIDTH = 5;
    static final int GLYPH_HEIGHT = 7;
    /// From one letter to the next.
    static final int ADVANCE = 6;

    private static final char FIRST = ' ';

    /// Ten hexadecimal digits a glyph: five columns from the left, the lowest bit is the top pixel.
    private static final String GLYPHS =
            "0000000000" + "00005f0000" + "0007000700" + "147f147f14" + "242a7f2a12" // SP ! " # $
                    + "2313086462" + "3649552250" + "0005030000" + "001c224100" + "0041221c00" // % & ' ( )
                    + "14083e0814" + "08083e0808" + "0050300000" + "0808080808" + "0060600000" // * + , - .
                    + "2010080402" + "3e5149453e" + "00427f4000" + "4261514946" + "2141454b31" // / 0 1 2 3
                    + "1814127f10" + "2745454539" + "3c4a494930" + "0171090503" + "3649494936" // 4 5 6 7 8
                    + "064949291e" + "0036360000" + "0056360000" + "0814224100" + "1414141414" // 9 : ; < =
                    + "0041221408" + "0201510906" + "324979413e" + "7e1111117e" + "7f49494936" // > ? @ A B
                    + "3e41414122" + "7f4141221c" + "7f49494941" + "7f09090901" + "3e4149497a" // C D E F G
                    + "7f0808087f" + "00417f4100" + "2040413f01" + "7f08142241" + "7f40404040" // H I J K L
                    + "7f020c027f" + "7f0408107f" + "3e4141413e" + "7f09090906" + "3e4151215e" // M N O P Q
                    + "7f09192946" + "4649494931" + "01017f0101" + "3f4040403f" + "1f2040201f" // R S T U V
                    + "3f4038403f" + "6314081463" + "0708700807" + "6151494543" + "007f414100" // W X Y Z [
                    + "0204081020" + "0041417f00" + "0402010204" + "4040404040" + "0001020400" // \ ] ^ _ `
                    + "2054545478" + "7f48444438" + "3844444420" + "384444487f" + "3854545418" // a b c d e
                    + "087e090102" + "0c5252523e" + "7f08040478" + "00447d4000" + "2040443d00" // f g h i j
                    + "7f10284400" + "00417f4000" + "7c04180478" + "7c08040478" + "3844444438" // k l m n o
                    + "7c14141408" + "081414187c" + "7c08040408" + "4854545420" + "043f444020" // p q r s t
                    + "3c4040207c" + "1c2040201c" + "3c4030403c" + "4428102844" + "0c5050503c" // u v w x y
                    + "4464544c44" + "0008364100" + "00007f0000" + "0041360800" + "0804080810"; // z { | } ~

    private static final String BOX = "7f4141417f";

    private PixelFont() {}

    /// Whether the pixel in this column (0–4) and row (0–6) of the letter is ink.
    static boolean ink(char letter, int column, int row) {
        int at = (letter - FIRST) * 2 * GLYPH_WIDTH;
        boolean known = at >= 0 && at < GLYPHS.length();
        String glyphs = known ? GLYPHS : BOX;
        int from = (known ? at : 0) + 2 * column;
        int bits = Character.digit(glyphs.charAt(from), 16) << 4 | Character.digit(glyphs.charAt(from + 1), 16);
        return (bits >> row & 1) == 1;
    }
}
