package dev.nearhand.transport.sctp;

import dev.nearhand.transport.time.TimerTable;

/// What [DataSender] and [LossRecovery] work on together.
record SendParts(
        SendQueue queue,
        SentChunks sent,
        Abandonment abandonment,
        ForwardPlan forward,
        CongestionControl congestion,
        DeliveryRate rate,
        SendBudget budget,
        Redundancy redundancy,
        RetransmissionTimeout timeout,
        PathErrors errors,
        PathMtu mtu,
        TimerTable<SctpTimer> timers,
        Counters counters) {}
