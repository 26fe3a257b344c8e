// SPDX-License-Identifier: Apache-2.0
// A small M-Bus meter, written against the standard's facts and not against core/: a device under
// test for the suite, that shares no line with what tests it.
//
//     mbus_meter tcp|pty ADDRESS ID BAUD
//
// Prints `listening PORT` and serves one master after another until it is killed. It keeps the pace
// of a wire at BAUD: octets that come at once have come one after the other, its own go out so.
#define _XOPEN_SOURCE 700
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

typedef int64_t Nanoseconds;

enum { LONGEST = 261, TELEGRAMS = 3, NONE = -1, OWN = 0, SELECTED = 1 };

/// What is remembered of the last request, once for the own address and FEh, once for FDh.
struct Memory {
    int fcb;      // 0, 1, NONE
    int telegram; // NONE: before the first
    uint8_t sent[LONGEST];
    size_t size;
};

struct Meter {
    uint8_t address;
    uint8_t id[8]; // as sent: identification, manufacturer, version, device type
    uint8_t fabrication[4];
    uint8_t access_number;
    bool selected;
    bool refused; // the last command, and nobody has been told
    struct Memory memory[2];
};

struct Frame {
    uint8_t bytes[LONGEST];
    size_t size;
    bool broken; // wait for a pause
};

// Frames ------------------------------------------------------------------------------------------

static uint8_t checksum(const uint8_t* bytes, size_t size) {
    uint8_t sum = 0;
    while (size-- > 0) {
        sum = (uint8_t)(sum + *bytes++);
    }
    return sum;
}

static bool header_is_good(const struct Frame* frame) {
    const uint8_t* b = frame->bytes;
    return b[0] == 0x10 || ((frame->size < 2 || b[1] >= 3) && (frame->size < 3 || b[2] == b[1]) &&
                            (frame->size < 4 || b[3] == 0x68));
}

/// True where the octet makes the frame whole.
static bool take(struct Frame* frame, uint8_t octet) {
    if (frame->broken || (frame->size == 0 && octet != 0x10 && octet != 0x68)) {
        return false;
    }
    frame->bytes[frame->size++] = octet;
    const uint8_t* b = frame->bytes;
    frame->broken = !header_is_good(frame);
    const size_t whole = b[0] == 0x10 ? 5 : frame->size < 2 ? LONGEST : b[1] + 6U;
    if (frame->broken || frame->size < whole) {
        return false;
    }
    const size_t first = b[0] == 0x10 ? 1 : 4;
    frame->broken = checksum(b + first, whole - first - 2) != b[whole - 2] || b[whole - 1] != 0x16;
    return !frame->broken;
}

static size_t acknowledge(uint8_t* out) {
    out[0] = 0xE5;
    return 1;
}

// Telegrams ---------------------------------------------------------------------------------------

static void put(struct Memory* memory, const void* bytes, size_t size) {
    memcpy(memory->sent + memory->size, bytes, size);
    memory->size += size;
}

/// The records of a read-out in three telegrams; 1Fh with and without octets behind it.
static void put_records(const struct Meter* meter, struct Memory* memory) {
    switch (memory->telegram) {
    case 0:
        put(memory, "\x0C\x78", 2); // fabrication number
        put(memory, meter->fabrication, 4);
        put(memory, "\x04\x13\x39\x30\x00\x00", 6); // volume 12.345 m3
        put(memory, "\x1F\x00\x00", 3);
        break;
    case 1:
        put(memory, "\x42\x6C\xFF\x2C", 4);         // storage 1: 2023-12-31
        put(memory, "\x44\x13\xA0\x0F\x00\x00", 6); // storage 1: volume 4 m3
        put(memory, "\x1F", 1);
        break;
    default:
        put(memory, "\x0A\x3B\x67\x01", 4);     // volume flow 0.167 m3/h
        put(memory, "\x02\xFD\x17\x00\x00", 5); // error flags
        put(memory, "\x0F\x12\x34", 3);         // the manufacturer's own
        break;
    }
}

static void make_telegram(struct Meter* meter, struct Memory* memory) {
    const uint8_t status = meter->refused ? 0x02 : 0x00; // any application error
    meter->refused = false;
    ++meter->access_number;
    memory->size = 4;
    put(memory, (uint8_t[]){0x08, meter->address, 0x72}, 3);
    put(memory, meter->id, sizeof meter->id);
    put(memory, (uint8_t[]){meter->access_number, status, 0, 0}, 4);
    put_records(meter, memory);
    const uint8_t length = (uint8_t)(memory->size - 4);
    memcpy(memory->sent, (uint8_t[]){0x68, length, length, 0x68}, 4);
    put(memory, (uint8_t[]){checksum(memory->sent + 4, length), 0x16}, 2);
}

static size_t request(struct Meter* meter, struct Memory* memory, uint8_t control, uint8_t* out) {
    const bool counts = (control & 0x10) != 0;
    const int fcb = (control >> 5) & 1;
    if (!counts || memory->fcb != fcb) {
        if (counts || memory->telegram == NONE) {
            memory->telegram = (memory->telegram + 1) % TELEGRAMS;
        }
        make_telegram(meter, memory);
    }
    if (counts) {
        memory->fcb = fcb;
    }
    memcpy(out, memory->sent, memory->size);
    return memory->size;
}

// Commands ----------------------------------------------------------------------------------------

static void forget(struct Memory* memory) {
    memory->fcb = NONE;
    memory->telegram = NONE;
}

static bool digits_match(const uint8_t* wanted, const uint8_t* own) {
    for (int i = 0; i < 8; ++i) {
        const int want = (wanted[i / 2] >> (4 * (i % 2))) & 0x0F;
        if (want != 0x0F && want != ((own[i / 2] >> (4 * (i % 2))) & 0x0F)) {
            return false;
        }
    }
    return true;
}

/// CI 52h, also with a fabrication number behind it.
static bool is_meant(const struct Meter* meter, const uint8_t* data, size_t size) {
    if ((size != 8 && size != 14) || !digits_match(data, meter->id)) {
        return false;
    }
    for (int i = 4; i < 8; ++i) {
        if (data[i] != 0xFF && data[i] != meter->id[i]) {
            return false;
        }
    }
    return size == 8 ||
           (data[8] == 0x0C && data[9] == 0x78 && digits_match(data + 10, meter->fabrication));
}

static void execute(struct Meter* meter, uint8_t ci, const uint8_t* data, size_t size) {
    if (ci == 0x50) { // whatever is selected: there is one application
        forget(&meter->memory[OWN]);
        forget(&meter->memory[SELECTED]);
        meter->refused = false;
    } else if (ci == 0x51 && size == 3 && data[0] == 0x01 && data[1] == 0x7A && data[2] <= 250) {
        meter->address = data[2];
        forget(&meter->memory[OWN]);
    } else {
        meter->refused = true;
    }
}

/// The octets to answer with; 0: silence.
static size_t answer(struct Meter* meter, const struct Frame* frame, uint8_t* out) {
    const uint8_t* b = frame->bytes;
    const bool is_short = b[0] == 0x10;
    const uint8_t control = b[is_short ? 1 : 4];
    const uint8_t address = b[is_short ? 2 : 5];
    const bool is_data = !is_short && (control == 0x53 || control == 0x73);
    const bool to_selected = address == 0xFD;
    const bool to_all = address == 0xFF;
    struct Memory* memory = &meter->memory[to_selected ? SELECTED : OWN];
    if (is_data && to_selected && (b[6] == 0x52 || b[6] == 0x56)) {
        // 56h, the selection of old, selects nobody.
        meter->selected = b[6] == 0x52 && is_meant(meter, b + 7, b[1] - 3U);
        if (meter->selected) {
            forget(memory);
        }
        return meter->selected ? acknowledge(out) : 0;
    }
    if (to_selected ? !meter->selected : address != meter->address && address != 0xFE && !to_all) {
        return 0;
    }
    if (is_data) {
        execute(meter, b[6], b + 7, b[1] - 3U);
        return to_all ? 0 : acknowledge(out);
    }
    if (is_short && control == 0x40) {
        forget(memory);
        if (to_selected || to_all) {
            meter->selected = false;
            forget(&meter->memory[SELECTED]);
        }
        return to_all ? 0 : acknowledge(out);
    }
    const bool is_request = is_short && (control & 0xCF) == 0x4B; // REQ_UD2, FCV 0 or 1
    return is_request && !to_all ? request(meter, memory, control, out) : 0;
}

// The wire ----------------------------------------------------------------------------------------

static Nanoseconds now(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (Nanoseconds)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void sleep_until(Nanoseconds at) {
    const struct timespec t = {.tv_sec = at / 1000000000, .tv_nsec = at % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) != 0) {
    }
}

/// Who sends does not hear. False where the master has left.
static bool discard_heard(int fd) {
    struct pollfd item = {.fd = fd, .events = POLLIN};
    uint8_t octets[LONGEST];
    while (poll(&item, 1, 0) > 0) {
        if (read(fd, octets, sizeof octets) <= 0) {
            return false;
        }
    }
    return true;
}

/// An octet is written when its stop bit would end.
static bool transmit(int fd, const uint8_t* octets, size_t size, Nanoseconds end,
                     Nanoseconds character) {
    for (size_t i = 0; i < size; ++i) {
        end += character;
        sleep_until(end);
        if (!discard_heard(fd) || write(fd, octets + i, 1) != 1) {
            return false;
        }
    }
    return true;
}

/// Until the master leaves.
static void serve(int fd, struct Meter* meter, int baud) {
    const Nanoseconds character = 11 * INT64_C(1000000000) / baud;
    // The middle of the reply window, 11 bit times to 330 bit times + 50 ms.
    const Nanoseconds response_delay = (11 + 330) * INT64_C(500000000) / baud + 25000000;
    struct Frame frame = {.size = 0};
    Nanoseconds end = 0; // of the last octet on the wire
    uint8_t heard[LONGEST];
    for (ssize_t count; (count = read(fd, heard, sizeof heard)) > 0;) {
        const Nanoseconds at = now();
        if (at > end + character) { // a pause inside a frame breaks it off
            frame = (struct Frame){.size = 0};
        }
        end = at > end ? at : end;
        for (ssize_t i = 0; i < count; ++i) {
            end += character;
            if (!take(&frame, heard[i])) {
                continue;
            }
            uint8_t out[LONGEST];
            const size_t size = answer(meter, &frame, out);
            frame = (struct Frame){.size = 0};
            if (size > 0) {
                if (!transmit(fd, out, size, end + response_delay, character)) {
                    return;
                }
                break;
            }
        }
    }
}

static int give_up(const char* what) {
    perror(what);
    return 2;
}

static int serve_tcp(struct Meter* meter, int baud) {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof name;
    if (bind(listener, (struct sockaddr*)&name, size) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr*)&name, &size) != 0) {
        return give_up("mbus_meter: tcp");
    }
    printf("listening tcp://127.0.0.1:%d\n", ntohs(name.sin_port));
    (void)fflush(stdout);
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;) {
        const int on = 1;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        serve(fd, meter, baud);
        (void)close(fd);
    }
    return give_up("mbus_meter: accept");
}

static int serve_pty(struct Meter* meter, int baud) {
    const int fd = posix_openpt(O_RDWR | O_NOCTTY);
    if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0) {
        return give_up("mbus_meter: pty");
    }
    // Held open: masters come and go.
    const int other = open(ptsname(fd), O_RDWR | O_NOCTTY);
    struct termios raw;
    if (other < 0 || tcgetattr(other, &raw) != 0) {
        return give_up("mbus_meter: pty");
    }
    raw.c_iflag = raw.c_oflag = raw.c_lflag = 0;
    raw.c_cflag = CS8 | CREAD | CLOCAL;
    (void)tcsetattr(other, TCSANOW, &raw);
    printf("listening %s\n", ptsname(fd));
    (void)fflush(stdout);
    serve(fd, meter, baud);
    return give_up("mbus_meter: pty");
}

int main(int argc, char** argv) {
    const int baud = argc == 5 ? atoi(argv[4]) : 0;
    const int address = argc == 5 ? atoi(argv[2]) : NONE;
    const bool is_pty = argc == 5 && strcmp(argv[1], "pty") == 0;
    if (baud < 300 || baud > 38400 || address < 0 || address > 250 || strlen(argv[3]) != 8 ||
        (!is_pty && strcmp(argv[1], "tcp") != 0)) {
        (void)fprintf(stderr, "usage: mbus_meter tcp|pty ADDRESS ID BAUD\n"
                              "       ADDRESS 0 to 250, ID 8 digits, BAUD 300 to 38400\n");
        return 2;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    // Manufacturer TST, version 1, device type water.
    struct Meter meter = {.address = (uint8_t)address,
                          .id = {0, 0, 0, 0, 0x74, 0x52, 0x01, 0x07},
                          .fabrication = {0x44, 0x33, 0x22, 0x11}};
    const unsigned long id = strtoul(argv[3], NULL, 16);
    for (int i = 0; i < 4; ++i) {
        meter.id[i] = (uint8_t)(id >> (8 * i));
    }
    forget(&meter.memory[OWN]);
    forget(&meter.memory[SELECTED]);
    return is_pty ? serve_pty(&meter, baud) : serve_tcp(&meter, baud);
}
