package dev.nearhand.transport.interop.matrix;

/// Janus and the cells with it.
record JanusRunning(Janus janus, String version) implements Row.Running {
    @Override
    public Cells cells(Role role) {
        return role == Role.WE_OFFER ? new JanusAnswers(janus) : new JanusOffers(janus);
    }

    @Override
    public String log() {
        return janus.log();
    }

    @Override
    public void close() {
        janus.close();
    }
}
