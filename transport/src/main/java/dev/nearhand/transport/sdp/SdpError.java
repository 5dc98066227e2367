package dev.nearhand.transport.sdp;

/// Why a text is no session description.
///
/// @param line the number of the line at fault, from 1
/// @param reason what is wrong with it; quotes nothing of the text, which holds addresses and keys
public record SdpError(int line, String reason) implements SdpResult {
    @Override
    public String toString() {
        return "line " + line + ": " + reason;
    }
}
