// SPDX-License-Identifier: Apache-2.0
#include "hil/pty_endpoint.hpp"

#include "hil/terminal.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <system_error>

namespace meterbench::hil {
namespace {

std::unexpected<std::string> refused(const std::filesystem::path& link, std::string_view what) {
    return std::unexpected{fmt::format("{}: {}", link.string(), what)};
}

/// Empty on success, else why not. At no moment does the path lead nowhere or to half a link.
std::string place_link(const std::filesystem::path& link, const std::string& target) {
    std::error_code error;
    std::filesystem::create_symlink(target, link, error);
    if (!error) {
        return {};
    }
    if (error != std::errc::file_exists) {
        return error.message();
    }
    if (!std::filesystem::is_symlink(std::filesystem::symlink_status(link, error))) {
        return "exists and is not a symbolic link";
    }
    const std::filesystem::path fresh = fmt::format("{}.{}", link.string(), ::getpid());
    std::filesystem::create_symlink(target, fresh, error);
    if (!error) {
        std::filesystem::rename(fresh, link, error);
    }
    if (!error) {
        return {};
    }
    std::error_code ignored;
    std::filesystem::remove(fresh, ignored);
    return error.message();
}

} // namespace

std::expected<std::unique_ptr<PtyEndpoint>, std::string>
PtyEndpoint::create(const std::filesystem::path& link, core::Baud rate) {
    Descriptor master{::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    std::array<char, 128> name{};
    if (!master || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0 ||
        ::ptsname_r(master.get(), name.data(), name.size()) != 0) {
        return refused(link, fmt::format("no pseudo-terminal to be had: {}", std::strerror(errno)));
    }
    Descriptor slave{::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
    if (!slave || !make_raw(slave.get()) || !set_rate(slave.get(), rate)) {
        return refused(link,
                       fmt::format("{} cannot be set up: {}", name.data(), std::strerror(errno)));
    }
    if (const std::string why = place_link(link, name.data()); !why.empty()) {
        return refused(link, why);
    }
    return std::unique_ptr<PtyEndpoint>{
        new PtyEndpoint{std::move(master), std::move(slave), name.data(), link}};
}

PtyEndpoint::PtyEndpoint(Descriptor master, Descriptor slave, std::string terminal,
                         const std::filesystem::path& link)
    : master_{std::move(master)}, slave_{std::move(slave)}, terminal_{std::move(terminal)},
      link_{std::filesystem::absolute(link)} {}

PtyEndpoint::~PtyEndpoint() {
    std::error_code error;
    if (std::filesystem::read_symlink(link_, error) == terminal_ && !error) {
        std::filesystem::remove(link_, error);
    }
}

core::Expected<std::size_t> PtyEndpoint::read(std::span<std::uint8_t> into) {
    const ssize_t count = ::read(master_.get(), into.data(), into.size());
    if (count >= 0) {
        return static_cast<std::size_t>(count);
    }
    if (errno == EAGAIN || errno == EINTR) {
        return std::size_t{0};
    }
    return core::failure(core::FaultCode::port_lost);
}

core::Expected<void> PtyEndpoint::write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(master_.get(), bytes.data(), bytes.size());
        if (count >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (errno == EAGAIN) {
            return {}; // full: nobody has read for a long time
        } else if (errno != EINTR) {
            return core::failure(core::FaultCode::port_lost);
        }
    }
    return {};
}

std::optional<core::Baud> PtyEndpoint::speed() const {
    return rate_of(master_.get());
}

} // namespace meterbench::hil
