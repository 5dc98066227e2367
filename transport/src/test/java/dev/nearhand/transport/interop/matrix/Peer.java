package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Another WebRTC program behind its driver: commands as lines of JSON to it, replies and events as lines of JSON from
/// it. Any thread may call.
abstract class Peer implements AutoCloseable {
    /// How long any single step may take: some programs gather for five seconds and share the machine with others.
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();

    /// `-Dinterop.trace=true` shows every line, on standard error.
    private static final boolean TRACE = Boolean.getBoolean("interop.trace");

    private record Listener(String event, String pc, Consumer<JsonNode> action) {}

    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final List<JsonNode> events = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private @Nullable String end;

    /// Hands one line to the program.
    abstract void write(String line);

    /// What it said about itself so far.
    abstract String log();

    @Override
    public abstract void close();

    /// One line came from the program.
    final void received(String line) {
        trace("< ", line);
        JsonNode message;
        try {
            message = JSON.readTree(line);
        } catch (IOException chatter) {
            return; // a library that writes to standard output as well
        }
        if (message.hasNonNull("event")) {
            List<Listener> told = new ArrayList<>();
            synchronized (events) {
                events.add(message);
                listeners.stream()
                        .filter(listener -> is(message, listener.event(), listener.pc()))
                        .forEach(told::add);
                events.notifyAll();
            }
            told.forEach(listener -> listener.action().accept(message));
        } else {
            CompletableFuture<JsonNode> reply =
                    pending.remove(message.path("id").asInt());
            if (reply != null) {
                reply.complete(message);
            }
        }
    }

    private static void trace(String direction, String line) {
        if (TRACE) {
            System.err.println(direction + line);
        }
    }

    /// Nothing will come any more.
    final void ended(String reason) {
        synchronized (events) {
            end = reason;
            events.notifyAll();
        }
        pending.values().forEach(reply -> reply.completeExceptionally(new IllegalStateException(reason)));
    }

    /// @return the reply
    /// @throws StepException when the program answers with an error, or not in time
    final JsonNode call(String command, Map<String, ?> arguments) {
        return call(command, arguments, PATIENCE);
    }

    final JsonNode call(String command, Map<String, ?> arguments, Duration patience) {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        pending.put(id, reply);
        Map<String, Object> message = new HashMap<>(arguments);
        message.put("id", id);
        message.put("cmd", command);
        try {
            if (end != null) {
                throw new StepException(command + ": " + end);
            }
            String line = JSON.writeValueAsString(message);
            trace("> ", line);
            write(line);
            JsonNode answer =
                    reply.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
            if (answer.hasNonNull("error")) {
                throw new StepException(command + ": " + answer.get("error").asText());
            }
            return answer;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (CompletionException late) {
            throw new StepException(command + ": no answer (" + late.getCause() + ")");
        } finally {
            pending.remove(id);
        }
    }

    /// Waits for an event of a connection, which may have come already.
    final JsonNode await(String event, String pc, Predicate<JsonNode> wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (events) {
            while (true) {
                for (JsonNode seen : events) {
                    if (is(seen, event, pc) && wanted.test(seen)) {
                        return seen;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || end != null) {
                    throw new StepException("the other side does not report \"" + event + "\"" + states(pc));
                }
                try {
                    events.wait(left);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                    throw new StepException("interrupted");
                }
            }
        }
    }

    private String states(String pc) {
        List<String> states = events.stream()
                .filter(seen -> is(seen, "state", pc) || is(seen, "error", pc))
                .map(seen -> seen.path("state").asText(seen.path("error").asText()))
                .toList();
        return states.isEmpty() ? "" : " (it went through " + String.join(", ", states) + ")";
    }

    private static boolean is(JsonNode message, String event, String pc) {
        return message.path("event").asText().equals(event)
                && message.path("pc").asText().equals(pc);
    }

    /// Follows the events of a connection from now on, those that have come already first.
    final void listen(String event, String pc, Consumer<JsonNode> action) {
        List<JsonNode> past;
        synchronized (events) {
            past = events.stream().filter(seen -> is(seen, event, pc)).toList();
            listeners.add(new Listener(event, pc, action));
        }
        past.forEach(action);
    }
}
