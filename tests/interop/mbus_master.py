#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small M-Bus master, written against the standard's facts and not against core/: what a user's
own program might be. It proves that others can sit on the master's end of a served bus.

    mbus_master.py PORT read ADDRESS        PORT: tcp:HOST:PORT or the path of a terminal
    mbus_master.py PORT select DIGITS       16 digits of a secondary address
    mbus_master.py PORT scan FIRST LAST

Prints each telegram as hex on a line of its own; scan prints addresses. Exit status 1: no answer.
"""
import os
import select
import socket
import sys
import termios
import time
import tty

BAUD = 2400
CHARACTER = 11 / BAUD
TIMEOUT = 330 / BAUD + 0.05 + 0.3  # reply window, and some for a busy computer


class Port:
    def __init__(self, name):
        if name.startswith("tcp:"):
            host, port = name[4:].rsplit(":", 1)
            self.socket = socket.create_connection((host, int(port)), timeout=5)
            self.socket.setblocking(False)
            self.fd = self.socket.fileno()
        else:
            self.fd = os.open(name, os.O_RDWR | os.O_NOCTTY)
            tty.setraw(self.fd)
            settings = termios.tcgetattr(self.fd)
            settings[4] = settings[5] = termios.B2400
            termios.tcsetattr(self.fd, termios.TCSANOW, settings)
            termios.tcflush(self.fd, termios.TCIOFLUSH)

    def write(self, data):
        os.write(self.fd, data)
        time.sleep(len(data) * CHARACTER)

    def byte(self, within):
        ready, _, _ = select.select([self.fd], [], [], within)
        if not ready:
            return None
        data = os.read(self.fd, 1)
        if not data:
            raise SystemExit("the port is gone")
        return data[0]


def short(control, address):
    return bytes([0x10, control, address, (control + address) & 0xFF, 0x16])


def long(control, address, data):
    body = bytes([control, address]) + data
    return bytes([0x68, len(body), len(body), 0x68]) + body + bytes([sum(body) & 0xFF, 0x16])


def receive(port):
    """A frame, or None for silence and for anything that is no frame or more than one."""
    first = port.byte(TIMEOUT)
    if first is None:
        return None
    frame = bytearray([first])
    while frame[0] != 0xE5 and (len(frame) < (4 if frame[0] == 0x68 else 5) or (
            frame[0] == 0x68 and len(frame) < frame[1] + 6)):
        byte = port.byte(0.5)
        if byte is None:
            return None
        frame.append(byte)
    if port.byte(33 / BAUD) is not None:  # surplus
        while port.byte(0.1) is not None:
            pass
        return None
    first = 4 if frame[0] == 0x68 else 1
    good = frame[0] == 0xE5 or (
        frame[0] in (0x10, 0x68) and sum(frame[first:-2]) & 0xFF == frame[-2] and
        frame[-1] == 0x16 and (frame[0] == 0x10 or frame[1] == frame[2] and frame[3] == 0x68))
    return bytes(frame) if good else None


def is_from(answer, request):
    """Not another master's, and of whom was asked; FDh and FEh stand for any address."""
    address = request[2 if request[0] == 0x10 else 5]
    return answer[0] == 0xE5 or (answer[0] == 0x68 and answer[4] & 0x40 == 0 and
                                 (address in (0xFD, 0xFE) or answer[5] == address))


def exchange(port, frame, attempts=3):
    for _ in range(attempts):
        time.sleep(33 / BAUD)
        port.write(frame)
        answer = receive(port)
        if answer == frame:  # the converter's echo
            answer = receive(port)
        if answer is not None and is_from(answer, frame):
            return answer
    return None


def size_of_data(dif, variable):
    if dif & 0x0F != 0x0D:
        return (0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6, 0)[dif & 0x0F]
    if variable >= 0xF5:
        return 1 + (48 if variable == 0xF5 else 64)
    for base, scale in ((0xF0, 4), (0xE0, 1), (0xD0, 1), (0xC0, 1)):
        if variable >= base:
            return 1 + (4 * (variable - 0xEC) if scale == 4 else variable - base)
    return 1 + variable


def more_follows(frame):
    """Whether a DIF is 1Fh: the records are taken apart for it."""
    headers = {0x72: 12, 0x78: 0, 0x7A: 4}
    if frame[6] not in headers:
        return False
    records = frame[7 + headers[frame[6]]:-2] + bytes(16)  # what is cut off reads as idle

    def chain(at):  # past an information block
        while records[at] & 0x80:
            at += 1
        return at + 1

    at = 0
    while at < len(records) - 16:
        dif = records[at]
        if dif & 0x0F == 0x0F and dif != 0x2F:
            return dif == 0x1F
        if dif == 0x2F:
            at += 1
            continue
        vif = chain(at)
        at = chain(vif)
        if records[vif] & 0x7F == 0x7C:  # a unit in plain text
            at += 1 + records[at]
        at += size_of_data(dif, records[at] if at < len(records) else 0)
    return False


def is_named(answer, mask):
    """Whether a header with a secondary address has the one that was selected."""
    if answer[6] != 0x72 or mask is None:
        return True
    digits = zip(mask[:4].hex(), answer[7:11].hex())
    return (all(want in ("f", own) for want, own in digits) and
            all(want in (0xFF, own) for want, own in zip(mask[4:], answer[11:15])))


def read_telegrams(port, address, mask=None):
    fcb = 0x20
    while True:
        answer = exchange(port, short(0x5B | fcb, address))
        if answer is None or answer[0] != 0x68 or not is_named(answer, mask):
            return 1
        print(answer.hex().upper(), flush=True)
        if not more_follows(answer):
            return 0
        fcb ^= 0x20


def read(port, address):
    if exchange(port, short(0x40, address)) != b"\xE5":
        return 1
    return read_telegrams(port, address)


def select_and_read(port, digits):
    raw = bytes.fromhex(digits)
    mask = raw[3::-1] + raw[4:]
    exchange(port, short(0x40, 0xFD), attempts=1)
    if exchange(port, long(0x53, 0xFD, b"\x52" + mask)) != b"\xE5":
        return 1
    return read_telegrams(port, 0xFD, mask)


def scan(port, first, last):
    found = [a for a in range(first, last + 1) if exchange(port, short(0x40, a), 1) == b"\xE5"]
    for address in found:
        print(address, flush=True)
    return 0 if found else 1


def main(arguments):
    port = Port(arguments[0])
    job = {"read": lambda: read(port, int(arguments[2])),
           "select": lambda: select_and_read(port, arguments[2]),
           "scan": lambda: scan(port, int(arguments[2]), int(arguments[3]))}[arguments[1]]
    return job()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
