package dev.nearhand.planted.ice;

import java.io.IOException;
import java.nio.channels.DatagramChannel;

public final class OpensSocket {
    public void open() throws IOException {
        DatagramChannel.open().close();
    }
}
