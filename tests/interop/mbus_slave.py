#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small M-Bus meter, written against the standard's facts and not against core/: what the
reference master must be able to read.

    mbus_slave.py tcp|pty ADDRESS ID TELEGRAMS [--garble N] [--lose N] [--babble] [--vanish N]

Prints `listening PORT` and serves one master until it is killed. Answer number N (from 1) is
garbled, or not sent; --vanish closes the port after N answers; --babble answers without end.
"""
import argparse
import os
import select
import socket
import sys
import time
import tty

BAUD = 2400
CHARACTER = 11 / BAUD


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
        control, address = (frame[1], frame[2]) if frame[0] == 0x10 else (frame[4], frame[5])
        mine = address in (self.address, 0xFE)
        to_selected = address == 0xFD
        if frame[0] == 0x10 and control == 0x40:
            if to_selected and not self.selected:
                return None
            if mine or to_selected:
                self.last.pop(to_selected, None)
                self.index = -1
                self.selected = self.selected and not to_selected
                return b"\xE5"
            return None
        if frame[0] == 0x68 and to_selected and frame[6] == 0x52:
            self.selected = self.matches(frame[7:-2])
            if self.selected:
                self.last.pop(True, None)
                self.index = -1
                return b"\xE5"
            return None
        if not (mine or (to_selected and self.selected)):
            return None
        if frame[0] == 0x68:
            return b"\xE5"
        if control & 0x0F == 0x0B:
            fcb = bool(control & 0x20)
            if self.last.get(to_selected) != fcb or self.index < 0:
                self.index = (self.index + 1) % self.count
            self.last[to_selected] = fcb
            return self.telegram()
        return b"\xE5" if control & 0x0F == 0x0A else None


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
    if buffer[1] != buffer[2] or buffer[3] != 0x68:
        return b""
    size = buffer[1] + 6
    if len(buffer) < size:
        return None
    good = sum(buffer[4:size - 2]) & 0xFF == buffer[size - 2] and buffer[size - 1] == 0x16
    return bytes(buffer[:size]) if good else b""


def serve(fd, meter, options):
    buffer = bytearray()
    answers = 0
    while True:
        ready, _, _ = select.select([fd], [], [], 0.05)
        if not ready:
            buffer.clear()  # idle for longer than 33 bit times
            continue
        data = os.read(fd, 256)
        if not data:
            return
        buffer += data
        frame = whole(buffer)
        if frame is None:
            continue
        buffer.clear()
        answer = meter.answer(frame) if frame else None
        if answer is None:
            continue
        answers += 1
        time.sleep(len(frame) * CHARACTER + 11 / BAUD + 0.01)
        if options.vanish and answers > options.vanish:
            os._exit(0)
        if answers == options.lose:
            continue
        if answers == options.garble:
            answer = answer[:-1] + bytes([answer[-1] ^ 0x55])
        if options.babble:
            answer = b"\x55" * 16384
        for byte in answer:
            os.write(fd, bytes([byte]))
            time.sleep(CHARACTER / 2)  # sleeping takes longer than one asks for


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["tcp", "pty"])
    parser.add_argument("address", type=int)
    parser.add_argument("id")
    parser.add_argument("telegrams", type=int)
    parser.add_argument("--garble", type=int, default=0)
    parser.add_argument("--lose", type=int, default=0)
    parser.add_argument("--vanish", type=int, default=0)
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
