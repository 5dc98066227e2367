package dev.nearhand.transport.peer;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Counts what every collection of a connection holds, wherever it is kept, so that one without a limit is found out.
///
/// Looks into the objects themselves: a queue that somebody adds tomorrow is counted too.
final class QueueCensus {
    /// Most collections of a connection are small.
    private static final int USUAL_LIMIT = 128;

    /// Those that may hold more, each with the limit that stands at its declaration.
    private static final Map<String, Integer> LIMITS = Map.of(
            "SentChunks.chunks", 32_000,
            "OutstandingChecks.checks", 256,
            "HeldChunks.chunks", 4_096,
            "ReceivedTsns.gaps", 2_048);

    private final Map<String, Integer> most = new TreeMap<>();

    /// @throws AssertionError when a collection holds more than its limit
    void take(Object root) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        open.add(root);
        while (!open.isEmpty()) {
            Object next = open.remove();
            if (!seen.add(next)) {
                continue;
            }
            switch (next) {
                case Collection<?> collection -> addAll(open, collection);
                case Map<?, ?> map -> {
                    addAll(open, map.keySet());
                    addAll(open, map.values());
                }
                case Object[] array -> addAll(open, java.util.Arrays.asList(array));
                default -> visit(next, open);
            }
        }
    }

    /// The most that each has held, those with nothing left out.
    Map<String, Integer> most() {
        return most;
    }

    private static void addAll(Deque<Object> open, Collection<?> elements) {
        for (Object element : elements) {
            if (element != null && (isOurs(element.getClass()) || isContainer(element))) {
                open.add(element);
            }
        }
    }

    private void visit(Object owner, Deque<Object> open) {
        for (Class<?> type = owner.getClass(); type != null && isOurs(type); type = type.getSuperclass()) {
            for (Field field : FIELDS.computeIfAbsent(type, QueueCensus::fieldsOf)) {
                Object value = valueOf(field, owner);
                if (value == null) {
                    continue;
                }
                int size = sizeOf(value);
                if (size > 0) {
                    note(type.getSimpleName() + "." + field.getName(), size);
                }
                if (isContainer(value) || isOurs(value.getClass())) {
                    open.add(value);
                }
            }
        }
    }

    private void note(String name, int size) {
        most.merge(name, size, Math::max);
        int limit = LIMITS.getOrDefault(name, USUAL_LIMIT);
        if (size > limit) {
            throw new AssertionError(name + " holds " + size + ", " + limit + " at most");
        }
    }

    private static final Map<Class<?>, Field[]> FIELDS = new ConcurrentHashMap<>();

    private static Field[] fieldsOf(Class<?> type) {
        return java.util.Arrays.stream(type.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers())
                        && !field.getType().isPrimitive()
                        && !field.isSynthetic())
                .peek(field -> field.setAccessible(true))
                .toArray(Field[]::new);
    }

    private static Object valueOf(Field field, Object owner) {
        try {
            return field.get(owner);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static int sizeOf(Object value) {
        return switch (value) {
            case Collection<?> collection -> collection.size();
            case Map<?, ?> map -> map.size();
            default -> 0;
        };
    }

    private static boolean isContainer(Object value) {
        return value instanceof Collection<?> || value instanceof Map<?, ?> || value instanceof Object[];
    }

    private static boolean isOurs(Class<?> type) {
        String name = type.getName();
        boolean isWorld = name.startsWith("dev.nearhand.transport.sim.") || type == SimPeer.class;
        return name.startsWith("dev.nearhand.transport.") && !isWorld && !type.isEnum();
    }
}
