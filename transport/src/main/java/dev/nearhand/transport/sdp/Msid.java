package dev.nearhand.transport.sdp;

/// `a=msid`: the stream and the track that a section carries (RFC 8830 section 2).
///
/// @param stream `-` for a track in no stream
/// @param track empty when the line does not name one
public record Msid(String stream, String track) {
    public Attribute toAttribute() {
        return new Attribute("msid", track.isEmpty() ? stream : stream + " " + track);
    }
}
