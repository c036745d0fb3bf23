/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * linux/uart.c - the kernel's own driver of a 16550, at work on the visor's.
 *
 * usage: uart [DEVICE]
 *
 * Sends a banner, then every value of a byte through the loop that the chip
 * can close between its sender and its receiver, and compares.
 *
 * Exit status: 0 right, 1 wrong, 2 there is no such port.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define PATIENCE	5	/* seconds for any one transfer */
#define CHUNK		16	/* bytes: what the chip can hold */
#define VALUES		256

static const char banner[] =
	"\r\nuart: hello from the guest, by way of the kernel's driver\r\n";

static int wrong(const char *what)
{
	fprintf(stderr, "uart: %s: %s\n", what, strerror(errno));
	return 1;
}

/* Raw bytes, no flow control, no carrier to wait for. */
static int set_up(int port, const char *name)
{
	struct serial_struct chip;
	struct termios mode;

	if (ioctl(port, TIOCGSERIAL, &chip) || chip.type == PORT_UNKNOWN ||
	    tcgetattr(port, &mode)) {
		fprintf(stderr, "uart: no chip behind %s\n", name);
		return 2;
	}
	cfmakeraw(&mode);
	cfsetspeed(&mode, B115200);
	mode.c_cflag |= CLOCAL | CREAD;
	mode.c_cflag &= ~(tcflag_t)CRTSCTS;
	if (tcsetattr(port, TCSANOW, &mode))
		return wrong("tcsetattr");
	return 0;
}

static int send(int port, const void *bytes, size_t count)
{
	const unsigned char *next = bytes;
	struct pollfd ready = { .fd = port, .events = POLLOUT };

	while (count) {
		ssize_t sent;

		if (poll(&ready, 1, PATIENCE * 1000) != 1) {
			fprintf(stderr, "uart: nothing is sent any more\n");
			return 1;
		}
		sent = write(port, next, count);
		if (sent < 0 && errno == EAGAIN)
			continue;
		if (sent <= 0)
			return wrong("write");
		next += sent;
		count -= (size_t)sent;
	}
	return 0;
}

static int receive(int port, unsigned char *bytes, size_t count)
{
	struct pollfd ready = { .fd = port, .events = POLLIN };
	size_t done = 0;

	while (done < count) {
		ssize_t got;

		if (poll(&ready, 1, PATIENCE * 1000) != 1) {
			fprintf(stderr, "uart: %zu of %zu bytes came back\n",
				done, count);
			return 1;
		}
		got = read(port, bytes + done, count - done);
		if (got < 0 && errno == EAGAIN)
			continue;
		if (got <= 0)
			return wrong("read");
		done += (size_t)got;
	}
	return 0;
}

/* Chunk by chunk: more than the chip can hold would be lost. */
static int loop_back(int port)
{
	unsigned char sent[CHUNK], got[CHUNK];
	unsigned int value, i;

	for (value = 0; value < VALUES; value += CHUNK) {
		for (i = 0; i < CHUNK; i++)
			sent[i] = (unsigned char)(value + i);
		if (send(port, sent, CHUNK) || receive(port, got, CHUNK))
			return 1;
		for (i = 0; i < CHUNK; i++) {
			if (got[i] == sent[i])
				continue;
			fprintf(stderr, "uart: sent 0x%02x, 0x%02x came back\n",
				sent[i], got[i]);
			return 1;
		}
	}
	return 0;
}

static int test(int port)
{
	int lines, looped, failed;

	if (send(port, banner, sizeof(banner) - 1))
		return 1;
	if (tcdrain(port))		/* or the loop swallows the rest */
		return wrong("tcdrain");
	if (ioctl(port, TIOCMGET, &lines))
		return wrong("TIOCMGET");
	looped = lines | TIOCM_LOOP;
	if (ioctl(port, TIOCMSET, &looped))
		return wrong("TIOCMSET");
	tcflush(port, TCIFLUSH);
	failed = loop_back(port);
	lines &= ~TIOCM_LOOP;
	if (ioctl(port, TIOCMSET, &lines))
		return wrong("TIOCMSET");
	return failed;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "/dev/ttyS0";
	/* not to block until there is a carrier */
	int port = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK);
	int failed;

	if (port < 0) {
		fprintf(stderr, "uart: %s: %s\n", name, strerror(errno));
		return 2;
	}
	failed = set_up(port, name);
	if (!failed)
		failed = test(port);
	if (!failed)
		printf("uart: %d bytes looped back by %s, all right\n", VALUES,
		       name);
	return failed;
}
