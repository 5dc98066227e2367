/* A link between two network namespaces, for kernels without netem: what a TUN interface of one sends comes out of that of the
 * other, later by the delay, a part of it never, and no faster than the rate, behind a queue of so many bytes.
 *
 *   link NAMESPACE_A NAMESPACE_B DELAY_MICROS LOSS_PPM RATE_KBIT QUEUE_BYTES SEED
 *
 * The same for both directions; a rate of 0 is none. It makes an interface tun0 in each, whose addresses are the caller's to
 * give, and says "up". For each line on standard input it writes one with what has happened since the last, a JSON object; it
 * ends with its input, and the interfaces with it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { BURST = 128, BIN_NANOS = 250000, BINS = 8000, MOST_HELD = 1 << 19 };

struct packet {
	struct packet *next;
	int64_t due;
	int length;
	unsigned char bytes[];
};

struct direction {
	struct packet *first, *last;
	int64_t free_at; /* when the line has sent what waits */
	int64_t in, lost, dropped, out, refused, held;
	uint32_t waits[BINS];
};

static int64_t delay_nanos, rate_bps, queue_bytes;
static uint64_t loss_threshold, seed;
static struct direction ways[2];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* xorshift64* */
static uint64_t chance(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * 2685821657736338717ULL) >> 32;
}

static int open_end(const char *namespace)
{
	char path[256];
	snprintf(path, sizeof path, "/run/netns/%s", namespace);
	int space = open(path, O_RDONLY);
	if (space < 0 || setns(space, CLONE_NEWNET))
		fail(path);
	close(space);
	int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	struct ifreq request;
	memset(&request, 0, sizeof request);
	request.ifr_flags = IFF_TUN | IFF_NO_PI;
	strcpy(request.ifr_name, "tun0");
	if (tun < 0 || ioctl(tun, TUNSETIFF, &request))
		fail("/dev/net/tun");
	return tun;
}

static void take(struct direction *way, const unsigned char *bytes, int length, int64_t at)
{
	way->in++;
	if (chance() < loss_threshold) {
		way->lost++;
		return;
	}
	int64_t sent = at;
	if (rate_bps > 0) {
		int64_t begins = way->free_at > at ? way->free_at : at;
		int64_t wait = begins - at;
		if (wait / 1e9 * rate_bps / 8 + length > queue_bytes) {
			way->dropped++;
			return;
		}
		way->waits[wait / BIN_NANOS < BINS ? wait / BIN_NANOS : BINS - 1]++;
		sent = begins + (int64_t)(length * 8 * 1e9 / rate_bps);
		way->free_at = sent;
	}
	struct packet *one = way->held < MOST_HELD ? malloc(sizeof *one + length) : NULL;
	if (!one) {
		way->dropped++;
		return;
	}
	way->held++;
	one->next = NULL;
	one->due = sent + delay_nanos;
	one->length = length;
	memcpy(one->bytes, bytes, length);
	if (way->last)
		way->last->next = one;
	else
		way->first = one;
	way->last = one;
}

static void deliver(struct direction *way, int to, int64_t at)
{
	while (way->first && way->first->due <= at) {
		struct packet *one = way->first;
		way->first = one->next;
		if (!way->first)
			way->last = NULL;
		if (write(to, one->bytes, one->length) < 0)
			way->refused++;
		else
			way->out++;
		way->held--;
		free(one);
	}
}

static double wait_millis(const struct direction *way, double part)
{
	int64_t all = 0, seen = 0;
	for (int bin = 0; bin < BINS; bin++)
		all += way->waits[bin];
	for (int bin = 0; bin < BINS; bin++) {
		seen += way->waits[bin];
		if (all && seen >= all * part)
			return bin * (BIN_NANOS / 1e6);
	}
	return 0;
}

static void tell(void)
{
	printf("{");
	for (int i = 0; i < 2; i++) {
		struct direction *way = &ways[i];
		printf("%s\"%s\":{\"in\":%lld,\"lost\":%lld,\"dropped\":%lld,\"out\":%lld,\"refused\":%lld,"
		       "\"waitP50\":%.2f,\"waitP95\":%.2f}",
		       i ? "," : "", i ? "ba" : "ab", (long long)way->in, (long long)way->lost, (long long)way->dropped,
		       (long long)way->out, (long long)way->refused, wait_millis(way, .5), wait_millis(way, .95));
		way->in = way->lost = way->dropped = way->out = way->refused = 0;
		memset(way->waits, 0, sizeof way->waits);
	}
	printf("}\n");
	fflush(stdout);
}

int main(int count, char **words)
{
	if (count != 8) {
		fprintf(stderr, "link NAMESPACE_A NAMESPACE_B DELAY_MICROS LOSS_PPM RATE_KBIT QUEUE_BYTES SEED\n");
		return 2;
	}
	delay_nanos = atoll(words[3]) * 1000;
	loss_threshold = (uint64_t)(atof(words[4]) / 1e6 * 4294967296.0);
	rate_bps = atoll(words[5]) * 1000;
	queue_bytes = atoll(words[6]);
	seed = strtoull(words[7], NULL, 10) * 2 + 1;
	int ends[2] = { open_end(words[1]), open_end(words[2]) };
	prctl(PR_SET_TIMERSLACK, 1);
	printf("up\n");
	fflush(stdout);
	static unsigned char bytes[65536];
	for (;;) {
		int64_t at = now(), next = -1;
		for (int i = 0; i < 2; i++) {
			deliver(&ways[i], ends[1 - i], at);
			if (ways[i].first && (next < 0 || ways[i].first->due < next))
				next = ways[i].first->due;
		}
		struct pollfd waiting[3] = { { ends[0], POLLIN, 0 }, { ends[1], POLLIN, 0 }, { 0, POLLIN, 0 } };
		int64_t left = next - now();
		if (left < 0)
			left = 0;
		struct timespec limit = { left / 1000000000, left % 1000000000 };
		if (ppoll(waiting, 3, next < 0 ? NULL : &limit, NULL) < 0 && errno != EINTR)
			fail("ppoll");
		for (int i = 0; i < 2; i++)
			for (int k = 0; k < BURST; k++) {
				int length = read(ends[i], bytes, sizeof bytes);
				if (length <= 0)
					break;
				take(&ways[i], bytes, length, now());
			}
		if (waiting[2].revents) {
			char line[64];
			if (read(0, line, sizeof line) <= 0)
				return 0;
			tell();
		}
	}
}
