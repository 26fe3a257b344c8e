// SPDX-License-Identifier: Apache-2.0
#include "hil/terminal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

namespace meterbench::hil {
namespace {

struct Rate {
    std::uint32_t baud;
    speed_t code;
};
constexpr std::array rates{
    Rate{300, B300},       Rate{600, B600},       Rate{1200, B1200},     Rate{1800, B1800},
    Rate{2400, B2400},     Rate{4800, B4800},     Rate{9600, B9600},     Rate{19200, B19200},
    Rate{38400, B38400},   Rate{57600, B57600},   Rate{115200, B115200}, Rate{230400, B230400},
    Rate{460800, B460800}, Rate{921600, B921600},
};

std::unexpected<std::string> refused(const std::string& path, std::string_view what) {
    return std::unexpected{fmt::format("{}: {}", path, what)};
}

/// 8E1, raw, modem lines ignored. A character with wrong parity or stop bit is marked in the
/// stream.
bool set_character_format(int terminal) {
    termios wanted{};
    if (::tcgetattr(terminal, &wanted) != 0) {
        return false;
    }
    ::cfmakeraw(&wanted);
    wanted.c_cflag |= static_cast<tcflag_t>(CLOCAL | CREAD | PARENB);
    wanted.c_cflag &= ~static_cast<tcflag_t>(PARODD | CSTOPB | CRTSCTS);
    wanted.c_iflag |= static_cast<tcflag_t>(INPCK | PARMRK);
    wanted.c_cc[VMIN] = 1;
    wanted.c_cc[VTIME] = 0;
    // Its result says little: an error on a pty for the parity it cannot have, success when any one
    // of the settings was taken. So what has come of it is looked at.
    (void)::tcsetattr(terminal, TCSANOW, &wanted);
    termios taken{};
    if (::tcgetattr(terminal, &taken) != 0) {
        return false;
    }
    constexpr tcflag_t format = CSIZE | CSTOPB | PARENB | PARODD;
    const tcflag_t checked = is_pty(terminal) ? format & ~static_cast<tcflag_t>(PARENB) : format;
    return (taken.c_cflag & checked) == (wanted.c_cflag & checked) &&
           taken.c_iflag == wanted.c_iflag && taken.c_lflag == wanted.c_lflag &&
           taken.c_oflag == wanted.c_oflag;
}

} // namespace

/// Majors 136 to 143 are the slave sides of Unix98 pseudo-terminals (Linux, devices.txt).
bool is_pty(int terminal) {
    struct stat status{};
    return ::fstat(terminal, &status) == 0 && major(status.st_rdev) >= 136 &&
           major(status.st_rdev) <= 143;
}

bool set_rate(int terminal, core::Baud baud) {
    const auto row = std::find_if(rates.begin(), rates.end(),
                                  [&](const Rate& rate) { return rate.baud == baud.value; });
    termios settings{};
    if (row == rates.end() || ::tcgetattr(terminal, &settings) != 0) {
        return false;
    }
    ::cfsetispeed(&settings, row->code);
    ::cfsetospeed(&settings, row->code);
    // tcsetattr is content when any one of the settings was taken: ask what has come of it.
    return ::tcsetattr(terminal, TCSANOW, &settings) == 0 && rate_of(terminal) == baud;
}

std::optional<core::Baud> rate_of(int terminal) {
    termios settings{};
    if (::tcgetattr(terminal, &settings) != 0) {
        return std::nullopt;
    }
    const speed_t code = ::cfgetospeed(&settings);
    const auto row = std::find_if(rates.begin(), rates.end(),
                                  [&](const Rate& rate) { return rate.code == code; });
    return row == rates.end() ? std::nullopt : std::optional{core::Baud{row->baud}};
}

bool make_raw(int terminal) {
    termios settings{};
    if (::tcgetattr(terminal, &settings) != 0) {
        return false;
    }
    ::cfmakeraw(&settings);
    settings.c_cflag |= static_cast<tcflag_t>(CLOCAL | CREAD);
    return ::tcsetattr(terminal, TCSANOW, &settings) == 0;
}

std::expected<Descriptor, std::string> open_terminal(const std::string& path, core::Baud baud) {
    Descriptor port{::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    if (!port) {
        return refused(path, std::strerror(errno));
    }
    if (::isatty(port.get()) == 0) {
        return refused(path, "is not a serial port");
    }
    // A lock, not TIOCEXCL: that one outlives this process on a pty whose server stays.
    if (::flock(port.get(), LOCK_EX | LOCK_NB) != 0) {
        return refused(path, "is in use by another program");
    }
    if (!set_character_format(port.get())) {
        return refused(path, "does not take the character format 8E1");
    }
    if (!set_rate(port.get(), baud)) {
        return refused(path, fmt::format("does not take {} Bd", baud.value));
    }
    ::tcflush(port.get(), TCIOFLUSH);
    return port;
}

} // namespace meterbench::hil
