/* The least that a server can do in C: one thread, epoll, each message framed once and given to one send() for each client.
   A reference for `Kotodama.Bench beside`, no server to use: it knows one handshake key only, and waits for a client that does not read.
   Usage: epoll PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 32768
#define ROOM (1 << 20)

struct client {
  int is_open;    /* The handshake is done. */
  size_t length;  /* Bytes that wait in `bytes`. */
  size_t room;
  uint8_t *bytes;
};

static struct client clients[MOST];
static int open_ones[MOST], place[MOST], count;
static uint8_t frame[ROOM + 16];

/* The answer to the key of RFC 6455 section 1.3, which the load generator sends. */
static const char answer[] =
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static void send_all(int fd, const void *data, size_t length) {
  const uint8_t *at = data;
  while (length > 0) {
    ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) {
      struct pollfd wait = {fd, POLLOUT, 0};
      poll(&wait, 1, -1);
    } else if (sent < 0) {
      return;
    } else {
      at += sent;
      length -= (size_t)sent;
    }
  }
}

static void drop(int fd) {
  if (clients[fd].is_open) {
    int last = open_ones[--count];
    open_ones[place[fd]] = last;
    place[last] = place[fd];
  }
  free(clients[fd].bytes);
  memset(&clients[fd], 0, sizeof clients[fd]);
  close(fd);
}

static void broadcast(int from, uint8_t opcode, const uint8_t *payload, size_t length) {
  size_t head = 2;
  frame[0] = 0x80 | opcode;
  if (length < 126) {
    frame[1] = (uint8_t)length;
  } else if (length < 65536) {
    frame[1] = 126, frame[2] = (uint8_t)(length >> 8), frame[3] = (uint8_t)length;
    head = 4;
  } else {
    frame[1] = 127;
    for (int i = 0; i < 8; i++) frame[2 + i] = (uint8_t)((uint64_t)length >> (56 - 8 * i));
    head = 10;
  }
  memcpy(frame + head, payload, length);
  for (int i = 0; i < count; i++)
    if (open_ones[i] != from) send_all(open_ones[i], frame, head + length);
}

/* Takes whole frames from what has come; returns how many bytes they had. */
static size_t take(int fd, uint8_t *bytes, size_t length) {
  size_t at = 0;
  while (length - at >= 6) {
    uint8_t *b = bytes + at;
    size_t size = b[1] & 0x7f, head = 2;
    if (size == 126) {
      size = (size_t)b[2] << 8 | b[3];
      head = 4;
    } else if (size == 127) {
      if (length - at < 14) break;
      size = 0;
      for (int i = 0; i < 8; i++) size = size << 8 | b[2 + i];
      head = 10;
    }
    if (size > ROOM || length - at < head + 4 + size) break;
    uint8_t *mask = b + head, *payload = b + head + 4;
    for (size_t i = 0; i < size; i++) payload[i] ^= mask[i & 3];
    uint8_t opcode = b[0] & 15;
    if (opcode == 1 || opcode == 2) broadcast(fd, opcode, payload, size);
    at += head + 4 + size;
  }
  return at;
}

static void read_from(int fd) {
  struct client *c = &clients[fd];
  if (c->room - c->length < 65536) c->bytes = realloc(c->bytes, c->room = c->room * 2 + 65536);
  ssize_t got = recv(fd, c->bytes + c->length, c->room - c->length, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    drop(fd);
    return;
  }
  c->length += (size_t)got;
  if (!c->is_open) {
    uint8_t *end = memmem(c->bytes, c->length, "\r\n\r\n", 4);
    if (end == NULL) return;
    send_all(fd, answer, sizeof answer - 1);
    c->is_open = 1;
    open_ones[place[fd] = count++] = fd;
    size_t head = (size_t)(end + 4 - c->bytes);
    memmove(c->bytes, c->bytes + head, c->length -= head);
  }
  size_t used = take(fd, c->bytes, c->length);
  memmove(c->bytes, c->bytes + used, c->length -= used);
  if (c->length == 0) {
    free(c->bytes);
    c->bytes = NULL;
    c->room = 0;
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s PORT\n", argv[0]);
    return 2;
  }
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int one = 1, door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0);
  setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(door, (struct sockaddr *)&address, sizeof address) < 0 || listen(door, 4096) < 0) {
    perror("epoll");
    return 1;
  }
  struct epoll_event event = {.events = EPOLLIN, .data.fd = door}, events[512];
  epoll_ctl(poller, EPOLL_CTL_ADD, door, &event);
  for (;;) {
    int ready = epoll_wait(poller, events, 512, -1);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd != door) {
        read_from(events[i].data.fd);
        continue;
      }
      for (int fd; (fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        if (fd >= MOST) {
          close(fd);
          continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        event.events = EPOLLIN;
        event.data.fd = fd;
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
      }
    }
  }
}
