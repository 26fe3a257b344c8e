// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "rig/endpoint.hpp"

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace meterbench::hil {

/// An endpoint and the PORT that a client opens to reach it: the link of a pty, or
/// `tcp://HOST:PORT` or `rfc2217://HOST:PORT` with the port that was chosen.
struct OpenEndpoint {
    std::unique_ptr<rig::Endpoint> endpoint;
    std::string port;
};

/// Makes the endpoint that a rig file of kind `served` names: `tcp://HOST:PORT`,
/// `rfc2217://HOST:PORT`, or the path of a link to a pty. `rate` is the pty's until a client sets
/// another. Fails with one clear line.
[[nodiscard]] std::expected<OpenEndpoint, std::string> open_endpoint(std::string_view spec,
                                                                     core::Baud rate);

} // namespace meterbench::hil
