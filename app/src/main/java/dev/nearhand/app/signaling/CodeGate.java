package dev.nearhand.app.signaling;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// The one-time code, and who may still guess. A code that was right is used up; after [#TRIES] wrong ones there is a
/// new code and a pause, which doubles up to [#LONGEST_PAUSE_SECONDS] until a right one comes: at that rate it would
/// take centuries to guess one. Any thread.
public final class CodeGate {
    public static final int DIGITS = 9;
    public static final int TRIES = 3;
    public static final int LONGEST_PAUSE_SECONDS = 60;

    private static final int FIRST_PAUSE_SECONDS = 1;

    /// What became of a code that somebody typed.
    public sealed interface Verdict {
        /// It was right, and there is a new one now.
        record Right() implements Verdict {}

        record Wrong(int triesLeft) implements Verdict {}

        /// It was wrong once too often, and there is a new one now.
        record Replaced() implements Verdict {}

        /// It was not looked at.
        record Locked(long seconds) implements Verdict {}
    }

    private final RandomGenerator secrets;
    private final LongSupplier nanoTime;
    private String code;
    private int wrong;
    private int pauseSeconds = FIRST_PAUSE_SECONDS;
    private long lockedUntilNanos;
    private boolean locked;

    /// @param secrets a source that nobody can predict
    public CodeGate(RandomGenerator secrets, LongSupplier nanoTime) {
        this.secrets = secrets;
        this.nanoTime = nanoTime;
        this.code = next();
    }

    /// The present code: nine digits.
    public synchronized String code() {
        return code;
    }

    public synchronized Verdict check(String typed) {
        if (locked) {
            long left = lockedUntilNanos - nanoTime.getAsLong();
            if (left > 0) {
                return new Verdict.Locked(TimeUnit.NANOSECONDS.toSeconds(left) + 1);
            }
            locked = false;
        }
        // MessageDigest.isEqual takes as long for a wrong first digit as for a wrong last one
        if (MessageDigest.isEqual(bytes(digits(typed)), bytes(code))) {
            pauseSeconds = FIRST_PAUSE_SECONDS;
            renew();
            return new Verdict.Right();
        }
        wrong++;
        if (wrong < TRIES) {
            return new Verdict.Wrong(TRIES - wrong);
        }
        renew();
        locked = true;
        lockedUntilNanos = nanoTime.getAsLong() + TimeUnit.SECONDS.toNanos(pauseSeconds);
        pauseSeconds = Math.min(LONGEST_PAUSE_SECONDS, pauseSeconds * 2);
        return new Verdict.Replaced();
    }

    /// Only the digits of what a person typed.
    public static String digits(String typed) {
        return typed.replaceAll("[^0-9]", "");
    }

    /// `123456789` as `123 456 789`.
    public static String grouped(String code) {
        return digits(code).replaceAll("(\\d{3})(?=\\d)", "$1 ");
    }

    private void renew() {
        wrong = 0;
        code = next();
    }

    private String next() {
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", secrets.nextInt(1_000_000_000));
    }

    private static byte[] bytes(String digits) {
        return digits.getBytes(StandardCharsets.US_ASCII);
    }
}
