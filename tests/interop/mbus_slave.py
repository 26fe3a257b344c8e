#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small M-Bus meter, written against the standard's facts and not against core/: what the
reference master must be able to read.

    mbus_slave.py tcp|pty ADDRESS ID TELEGRAMS [--baud N] [--garble N] [--lose N] [--babble]
                  [--vanish N] [--stall MS]

Prints `listening PORT` and serves one master until it is killed. Answer number N (from 1) is
garbled, or not sent; --vanish closes the port after N answers; --babble answers without end;
--stall holds back what follows the eighth octet of each answer for so many milliseconds.
"""
import argparse
import os
import socket
import sys
import time
import tty


class Meter:
    def __init__(self, address, identification, telegrams):
        self.address = address
        digits = bytes.fromhex(identification)
        self.id = digits[::-1]
        self.manufacturer = bytes([0x24, 0x40])
        self.version = 3
        self.medium = 7
        self.count = telegrams
        self.index = -1
        self.selected = False
        self.last = {}  # frame count bits, one for the own address and one for FDh
        self.access = 0

    def own_mask(self):
        return self.id + self.manufacturer + bytes([self.version, self.medium])

    def matches(self, mask):
        if len(mask) != 8:
            return False
        for want, own in zip(mask[:4], self.id):
            for shift in (0, 4):
                digit = (want >> shift) & 15
                if digit not in (15, (own >> shift) & 15):
                    return False
        return all(w in (0xFF, o) for w, o in zip(mask[4:], self.own_mask()[4:]))

    def telegram(self):
        self.access = (self.access + 1) & 0xFF
        # Volume, 10^-3 m3, in BCD: the number of the telegram.
        data = bytes([0x72]) + self.own_mask() + bytes([self.access, 0, 0, 0])
        data += bytes([0x0C, 0x13, self.index + 1, 0, 0, 0])
        if self.index + 1 < self.count:
            data += b"\x1F"
        body = bytes([0x08, self.address]) + data
        return bytes([0x68, len(body), len(body), 0x68]) + body + bytes([sum(body) & 0xFF, 0x16])

    def answer(self, frame):
        short = frame[0] == 0x10
        control, address = (frame[1], frame[2]) if short else (frame[4], frame[5])
        to_selected = address == 0xFD
        to_all = address == 0xFF
        if not short and control in (0x53, 0x73) and to_selected and frame[6] in (0x52, 0x56):
            self.selected = frame[6] == 0x52 and self.matches(frame[7:-2])
            if self.selected:
                self.last.pop(True, None)
                self.index = -1
                return b"\xE5"
            return None
        if not (self.selected if to_selected else address in (self.address, 0xFE, 0xFF)):
            return None
        if short and control == 0x40:
            self.last = {key: bit for key, bit in self.last.items()
                         if key != to_selected and not to_all}
            self.index = -1
            self.selected = self.selected and not to_selected and not to_all
        elif short and control in (0x5B, 0x7B, 0x4B) and not to_all:
            fcb = bool(control & 0x20)
            counts = control != 0x4B
            if self.index < 0 or counts and self.last.get(to_selected) != fcb:
                self.index = (self.index + 1) % self.count
            if counts:
                self.last[to_selected] = fcb
            return self.telegram()
        elif not (short and control in (0x5A, 0x7A) or not short and control in (0x53, 0x73)):
            return None
        return None if to_all else b"\xE5"


def whole(buffer):
    """The frame the buffer begins with; empty bytes for noise; None when more is due."""
    if buffer[0] == 0x10:
        if len(buffer) < 5:
            return None
        good = (buffer[1] + buffer[2]) & 0xFF == buffer[3] and buffer[4] == 0x16
        return bytes(buffer[:5]) if good else b""
    if buffer[0] != 0x68:
        return b""
    if len(buffer) < 4:
        return None
    if buffer[1] != buffer[2] or buffer[3] != 0x68 or buffer[1] < 3:
        return b""
    size = buffer[1] + 6
    if len(buffer) < size:
        return None
    good = sum(buffer[4:size - 2]) & 0xFF == buffer[size - 2] and buffer[size - 1] == 0x16
    return bytes(buffer[:size]) if good else b""


def serve(fd, meter, options):
    buffer = bytearray()
    answers = 0
    bit = 1 / options.baud
    end = 0  # of the last octet on the wire
    while True:
        data = os.read(fd, 256)
        if not data:
            return
        now = time.monotonic()
        if now > end + 33 * bit:
            buffer.clear()
        buffer += data
        end = max(end, now) + len(data) * 11 * bit
        frame = whole(buffer)
        if frame is None:
            continue
        buffer.clear()
        answer = meter.answer(frame) if frame else None
        if answer is None:
            continue
        answers += 1
        if options.vanish and answers > options.vanish:
            os._exit(0)
        if answers == options.lose:
            continue
        if answers == options.garble:
            answer = answer[:-1] + bytes([answer[-1] ^ 0x55])
        if options.babble:
            answer = b"\x55" * 16384
        end += 22 * bit + 0.01
        for index, byte in enumerate(answer):
            end += 11 * bit + (options.stall / 1000 if index == 8 else 0)
            time.sleep(max(0, end - time.monotonic()))
            os.write(fd, bytes([byte]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["tcp", "pty"])
    parser.add_argument("address", type=int)
    parser.add_argument("id")
    parser.add_argument("telegrams", type=int)
    parser.add_argument("--baud", type=int, default=2400)
    parser.add_argument("--garble", type=int, default=0)
    parser.add_argument("--lose", type=int, default=0)
    parser.add_argument("--vanish", type=int, default=0)
    parser.add_argument("--stall", type=int, default=0)
    parser.add_argument("--babble", action="store_true")
    options = parser.parse_args()
    meter = Meter(options.address, options.id, options.telegrams)
    if options.kind == "pty":
        master, slave = os.openpty()
        tty.setraw(slave)
        print("listening", os.ttyname(slave), flush=True)
        serve(master, meter, options)
        return
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening tcp://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            serve(client.fileno(), meter, options)
        except OSError:
            pass  # the master left


if __name__ == "__main__":
    sys.exit(main())
