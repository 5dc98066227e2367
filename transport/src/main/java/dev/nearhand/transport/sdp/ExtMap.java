package dev.nearhand.transport.sdp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `a=extmap`: the number under which a header extension travels (RFC 8285 section 5).
///
/// @param id 1–255, or 4096–4351 in an offer that leaves the choice to the answerer
/// @param attributes what follows the name, or empty
public record ExtMap(int id, Direction direction, String uri, String attributes) {
    private static final int LARGEST_ID = 4351;

    static @Nullable ExtMap parse(String value) {
        var words = SdpText.words(value);
        if (words.size() < 2) {
            return null;
        }
        String[] number = words.getFirst().split("/", 2);
        int id = (int) SdpText.number(number[0], LARGEST_ID);
        Direction direction = number.length < 2 ? Direction.SENDRECV : direction(number[1]);
        return id < 1 || direction == null
                ? null
                : new ExtMap(id, direction, words.get(1), String.join(" ", words.subList(2, words.size())));
    }

    private static @Nullable Direction direction(String word) {
        for (Direction direction : Direction.values()) {
            if (direction.attribute().equals(word.toLowerCase(Locale.ROOT))) {
                return direction;
            }
        }
        return null;
    }

    public Attribute toAttribute() {
        String way = direction == Direction.SENDRECV ? "" : "/" + direction.attribute();
        return new Attribute("extmap", id + way + " " + uri + (attributes.isEmpty() ? "" : " " + attributes));
    }
}
