package dev.nearhand.app.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostBookTest {
    private final HostBook<String> book = new HostBook<>(2, new SplittableRandom(1));

    private String number(String key, String host) {
        return book.register("", key, host, 0).orElseThrow().number();
    }

    @Test
    void aHostIsFoundUnderItsNumberUntilItLeaves() {
        String number = number("key", "a");
        assertThat(book.find(number)).contains("a");
        assertThat(book.find("000000")).isEmpty();

        book.left(number, "a", 1);
        assertThat(book.find(number)).isEmpty();
    }

    @Test
    void aHostThatComesBackGetsItsNumberAndReplacesItsEarlierSelf() {
        String number = number("key", "a");

        assertThat(book.register(number, "key", "b", 1)).contains(new HostBook.Place<>(number, Optional.of("a")));
        book.left(number, "a", 2); // the earlier connection is closed only now
        assertThat(book.find(number)).contains("b");
    }

    @Test
    void nobodyGetsTheNumberOfSomebodyElse() {
        String number = number("key", "a");
        book.left(number, "a", 1);

        assertThat(book.register(number, "another key", "b", 2).orElseThrow().number())
                .isNotEqualTo(number);
    }

    @Test
    void afterARestartHostsBringTheirNumbers() {
        assertThat(book.register("123456", "key", "a", 0)).contains(new HostBook.Place<>("123456", Optional.empty()));
    }

    @Test
    void aFullBookGivesUpWhoHasLeftButNobodyWhoIsThere() {
        String first = number("key 1", "a");
        number("key 2", "b");
        assertThat(book.register("", "key 3", "c", 0)).isEmpty();

        book.left(first, "a", 1);
        assertThat(book.register("", "key 3", "c", 2)).isPresent();
        assertThat(book.size()).isEqualTo(2);
    }

    @Test
    void aNumberIsKeptForAWhile() {
        String number = number("key", "a");
        book.left(number, "a", 0);
        number("key 2", "b");
        long later = TimeUnit.SECONDS.toNanos(HostBook.KEPT_SECONDS + 1);

        book.register("", "key 3", "c", later);

        assertThat(book.register(number, "key 4", "d", later))
                .as("it is anybody's now, but two are here")
                .isEmpty();
    }

    @Test
    void anAllowanceIsUsedUpAndComesBack() {
        Allowance allowance = new Allowance(2, 1, 0);
        assertThat(allowance.take(1, 0)).isTrue();
        assertThat(allowance.take(1, 0)).isTrue();
        assertThat(allowance.take(1, 0)).isFalse();
        assertThat(allowance.take(1, TimeUnit.SECONDS.toNanos(1))).isTrue();
        assertThat(allowance.take(1, TimeUnit.SECONDS.toNanos(1))).isFalse();
    }
}
