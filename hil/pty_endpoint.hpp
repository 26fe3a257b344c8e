// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hil/descriptor.hpp"
#include "rig/endpoint.hpp"

#include <expected>
#include <filesystem>
#include <memory>
#include <string>

namespace meterbench::hil {

/// A pseudo-terminal that other programs open as a serial port, through a symbolic link with a
/// lasting name. Clients come and go. What nobody reads stays in the terminal until it is full or
/// the next client discards it, as serial programs do when they open a port.
class PtyEndpoint final : public rig::Endpoint {
  public:
    /// `rate`: what speed() says until a client sets another. An existing symbolic link is
    /// replaced; anything else at that path is not. Fails with `LINK: ...`.
    [[nodiscard]] static std::expected<std::unique_ptr<PtyEndpoint>, std::string>
    create(const std::filesystem::path& link, core::Baud rate);
    /// Removes the link, unless it leads elsewhere by now.
    ~PtyEndpoint() override;
    PtyEndpoint(const PtyEndpoint&) = delete;
    PtyEndpoint& operator=(const PtyEndpoint&) = delete;

    [[nodiscard]] int descriptor() const override { return master_.get(); }
    [[nodiscard]] core::Expected<std::size_t> read(std::span<std::uint8_t> into) override;
    [[nodiscard]] core::Expected<void> write(std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] std::optional<core::Baud> speed() const override;

    /// The terminal the link leads to.
    [[nodiscard]] const std::string& terminal() const { return terminal_; }

  private:
    PtyEndpoint(Descriptor master, Descriptor slave, std::string terminal,
                const std::filesystem::path& link);

    Descriptor master_;
    Descriptor slave_; ///< held open: without any, the master would report a hang-up for ever
    std::string terminal_;
    std::filesystem::path link_;
};

} // namespace meterbench::hil
