// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace meterbench::core {

/// Where in the stack a fault was found.
enum class Layer : std::uint8_t { line, link, transport, security, application, procedure, bench };

/// Whose doing it is: ours (a wrong call), the device's, the wire's, or the test equipment's.
enum class Culprit : std::uint8_t { caller, peer, line, bench };

/// Every way in which something can go wrong, one line of meaning each in fault_rows.
enum class FaultCode : std::uint8_t {
    // line
    silence,
    parity_error,
    framing_error,
    break_received,
    collision,
    early_answer,
    late_answer,
    surplus_octets,
    babble,
    noise,
    // link layer
    empty,
    unknown_start,
    length_mismatch,
    length_too_small,
    second_start_missing,
    checksum_mismatch,
    stop_missing,
    truncated,
    surplus_bytes,
    gap_in_frame,
    wrong_direction,
    unexpected_frame,
    wrong_address,
    reserved_address,
    data_too_long,
    not_hex,
    block_crc_mismatch,
    reserved_length,
    unknown_link,
    // transport layer
    header_truncated,
    unknown_ci,
    unsupported_ci,
    encrypted,
    wrong_identification,
    ell_truncated,
    ell_encryption_reserved,
    payload_crc_mismatch,
    layer_repeated,
    afl_truncated,
    afl_length_mismatch,
    afl_inconsistent,
    fragment_incomplete,
    fragment_missing,
    fragments_too_long,
    message_length_mismatch,
    configuration_reserved,
    profile_needed,
    no_key,
    wrong_key,
    key_length_mismatch,
    check_bytes_absent,
    plaintext_implausible,
    mac_mismatch,
    mac_missing,
    mac_type_unsupported,
    counter_missing,
    counter_replay,
    encrypted_length_mismatch,
    security_mode_unsupported,
    tls_handed_on,
    // application layer
    record_truncated,
    reserved_dif,
    dif_wrong_direction,
    too_many_difes,
    vif_missing,
    too_many_vifes,
    reserved_lvar,
    plain_text_vif,
    not_encodable,
    value_out_of_range,
    format_unknown,
    signature_mismatch,
    full_frame_crc_mismatch,
    format_mismatch,
    // procedures
    endless_sequence,
    not_selected,
    selection_lost,
    address_conflict,
    indistinguishable,
    address_taken,
    baud_refused,
    application_error,
    record_error,
    // bench
    port_missing,
    port_lost,
    port_refused,
    not_capable,
};

struct FaultRow {
    FaultCode code;
    std::string_view name;
    Layer layer;
    Culprit culprit;
    std::string_view meaning;
};

/// One row a code, in the order of the enumeration.
inline constexpr std::array fault_rows{
    FaultRow{FaultCode::silence, "silence", Layer::line, Culprit::peer,
             "nothing was heard within the time allowed"},
    FaultRow{FaultCode::parity_error, "parity-error", Layer::line, Culprit::line,
             "a character with odd parity"},
    FaultRow{FaultCode::framing_error, "framing-error", Layer::line, Culprit::line,
             "a character whose stop bit is space"},
    FaultRow{FaultCode::break_received, "break", Layer::line, Culprit::line,
             "the line stayed at space for a whole character"},
    FaultRow{FaultCode::collision, "collision", Layer::line, Culprit::line,
             "more than one device was sending"},
    FaultRow{FaultCode::early_answer, "early-answer", Layer::line, Culprit::peer,
             "an answer before the reply window opened"},
    FaultRow{FaultCode::late_answer, "late-answer", Layer::line, Culprit::peer,
             "an answer after the reply window had closed"},
    FaultRow{FaultCode::surplus_octets, "surplus-octets", Layer::line, Culprit::line,
             "octets after a complete frame"},
    FaultRow{FaultCode::babble, "babble", Layer::line, Culprit::peer,
             "a device sends without end: the line was never idle"},
    FaultRow{FaultCode::noise, "noise", Layer::line, Culprit::line,
             "a disturbance: octets that nobody sent"},
    FaultRow{FaultCode::empty, "empty", Layer::link, Culprit::caller, "there are no bytes"},
    FaultRow{FaultCode::unknown_start, "unknown-start", Layer::link, Culprit::peer,
             "the first byte is not E5h, 10h or 68h"},
    FaultRow{FaultCode::length_mismatch, "length-mismatch", Layer::link, Culprit::peer,
             "the two L fields differ"},
    FaultRow{FaultCode::length_too_small, "length-too-small", Layer::link, Culprit::peer,
             "a long frame has L of at least 3"},
    FaultRow{FaultCode::second_start_missing, "second-start-missing", Layer::link, Culprit::peer,
             "the byte after the L fields is not 68h"},
    FaultRow{FaultCode::checksum_mismatch, "checksum-mismatch", Layer::link, Culprit::peer,
             "the checksum is not the sum of its bytes"},
    FaultRow{FaultCode::stop_missing, "stop-missing", Layer::link, Culprit::peer,
             "the last byte is not 16h"},
    FaultRow{FaultCode::truncated, "truncated", Layer::link, Culprit::peer,
             "the frame ends before its length says"},
    FaultRow{FaultCode::surplus_bytes, "surplus-bytes", Layer::link, Culprit::peer,
             "bytes follow the frame"},
    FaultRow{FaultCode::gap_in_frame, "gap-in-frame", Layer::link, Culprit::peer,
             "the line was idle inside a frame"},
    FaultRow{FaultCode::wrong_direction, "wrong-direction", Layer::link, Culprit::peer,
             "the control field has the other side's direction bit"},
    FaultRow{FaultCode::unexpected_frame, "unexpected-frame", Layer::link, Culprit::peer,
             "a valid frame that does not answer the request"},
    FaultRow{FaultCode::wrong_address, "wrong-address", Layer::link, Culprit::peer,
             "the answer carries another primary address"},
    FaultRow{FaultCode::reserved_address, "reserved-address", Layer::link, Culprit::caller,
             "not an address that can be read: 0 to 250, FDh, FEh, or 16 digits"},
    FaultRow{FaultCode::data_too_long, "data-too-long", Layer::link, Culprit::caller,
             "user data beyond the 252 bytes of a long frame"},
    FaultRow{FaultCode::not_hex, "not-hex", Layer::link, Culprit::caller,
             "the text is not pairs of hexadecimal digits"},
    FaultRow{FaultCode::block_crc_mismatch, "block-crc-mismatch", Layer::link, Culprit::line,
             "the CRC of a block of a radio frame is not that of its bytes"},
    FaultRow{FaultCode::reserved_length, "reserved-length", Layer::link, Culprit::peer,
             "an L-field that no frame of format B can have"},
    FaultRow{FaultCode::unknown_link, "unknown-link", Layer::link, Culprit::caller,
             "neither a wired frame nor a radio frame begins like this"},
    FaultRow{FaultCode::header_truncated, "header-truncated", Layer::transport, Culprit::peer,
             "the transport header is longer than the telegram"},
    FaultRow{FaultCode::unknown_ci, "unknown-ci", Layer::transport, Culprit::peer,
             "a reserved CI-field"},
    FaultRow{FaultCode::unsupported_ci, "unsupported-ci", Layer::transport, Culprit::caller,
             "a CI-field that this decoder passes on undecoded"},
    FaultRow{FaultCode::encrypted, "encrypted", Layer::security, Culprit::caller,
             "the records are encrypted"},
    FaultRow{FaultCode::wrong_identification, "wrong-identification", Layer::transport,
             Culprit::peer, "the answer carries another secondary address"},
    FaultRow{FaultCode::ell_truncated, "ell-truncated", Layer::transport, Culprit::peer,
             "the extended link layer is longer than the frame"},
    FaultRow{FaultCode::ell_encryption_reserved, "ell-encryption-reserved", Layer::transport,
             Culprit::peer, "a session number with a reserved encryption code"},
    FaultRow{FaultCode::payload_crc_mismatch, "payload-crc-mismatch", Layer::transport,
             Culprit::peer,
             "the payload CRC of the extended link layer is not that of the payload"},
    FaultRow{FaultCode::layer_repeated, "layer-repeated", Layer::transport, Culprit::peer,
             "a second extended link layer or AFL, or one behind a layer that it stands before"},
    FaultRow{FaultCode::afl_truncated, "afl-truncated", Layer::transport, Culprit::peer,
             "the AFL is longer than the frame, or than its length says"},
    FaultRow{FaultCode::afl_length_mismatch, "afl-length-mismatch", Layer::transport, Culprit::peer,
             "the length of the AFL contradicts the fields that it announces"},
    FaultRow{FaultCode::afl_inconsistent, "afl-inconsistent", Layer::transport, Culprit::peer,
             "fragments of one message whose AFLs contradict each other"},
    FaultRow{FaultCode::fragment_incomplete, "fragment-incomplete", Layer::transport,
             Culprit::caller, "a fragment of a message whose other fragments have not come yet"},
    FaultRow{
        FaultCode::fragment_missing, "fragment-missing", Layer::transport, Culprit::peer,
        "a fragment out of its order: one before it was lost, or the message is whole already"},
    FaultRow{FaultCode::fragments_too_long, "fragments-too-long", Layer::transport, Culprit::peer,
             "a fragmented message beyond the bound of the receiver"},
    FaultRow{FaultCode::message_length_mismatch, "message-length-mismatch", Layer::transport,
             Culprit::peer, "the fragments together are not as long as the message length says"},
    FaultRow{FaultCode::configuration_reserved, "configuration-reserved", Layer::transport,
             Culprit::peer, "a configuration field with a reserved value"},
    FaultRow{FaultCode::profile_needed, "profile-needed", Layer::transport, Culprit::caller,
             "its layout is not public: a named profile must say it, and none is chosen"},
    FaultRow{FaultCode::no_key, "no-key", Layer::security, Culprit::caller,
             "encrypted, and no key is known for the device"},
    FaultRow{FaultCode::wrong_key, "wrong-key", Layer::security, Culprit::caller,
             "decryption gave no check bytes: the key is wrong, or the bytes were changed"},
    FaultRow{FaultCode::key_length_mismatch, "key-length-mismatch", Layer::security,
             Culprit::caller, "the key is not as long as the security mode wants it"},
    FaultRow{FaultCode::check_bytes_absent, "check-bytes-absent", Layer::security, Culprit::peer,
             "the key is right, but the check bytes 2Fh 2Fh are not there"},
    FaultRow{FaultCode::plaintext_implausible, "plaintext-implausible", Layer::security,
             Culprit::caller,
             "the check bytes are right, but the records are broken: a wrong key by chance, or a "
             "broken telegram"},
    FaultRow{FaultCode::mac_mismatch, "mac-mismatch", Layer::security, Culprit::peer,
             "the authentication code is not that of the message: changed, or another key"},
    FaultRow{FaultCode::mac_missing, "mac-missing", Layer::security, Culprit::peer,
             "the security mode needs an authentication code, and none was sent"},
    FaultRow{FaultCode::mac_type_unsupported, "mac-type-unsupported", Layer::security,
             Culprit::peer, "a reserved type of authentication"},
    FaultRow{FaultCode::counter_missing, "counter-missing", Layer::security, Culprit::peer,
             "the key is derived with a message counter, and none was sent"},
    FaultRow{FaultCode::counter_replay, "counter-replay", Layer::security, Culprit::peer,
             "a message counter that is not above the last one accepted"},
    FaultRow{FaultCode::encrypted_length_mismatch, "encrypted-length-mismatch", Layer::security,
             Culprit::peer,
             "the configuration field announces more encrypted bytes than there are, or no whole "
             "blocks"},
    FaultRow{FaultCode::security_mode_unsupported, "security-mode-unsupported", Layer::security,
             Culprit::peer, "a reserved security mode"},
    FaultRow{FaultCode::tls_handed_on, "tls-handed-on", Layer::security, Culprit::caller,
             "TLS records, which this decoder hands on"},
    FaultRow{FaultCode::record_truncated, "record-truncated", Layer::application, Culprit::peer,
             "a record ends before its data field says"},
    FaultRow{FaultCode::reserved_dif, "reserved-dif", Layer::application, Culprit::peer,
             "a reserved special DIF"},
    FaultRow{FaultCode::dif_wrong_direction, "dif-wrong-direction", Layer::application,
             Culprit::peer, "a DIF that only a master may send"},
    FaultRow{FaultCode::too_many_difes, "too-many-difes", Layer::application, Culprit::peer,
             "more than 10 DIFEs"},
    FaultRow{FaultCode::vif_missing, "vif-missing", Layer::application, Culprit::peer,
             "the telegram ends where a VIF or VIFE is due"},
    FaultRow{FaultCode::too_many_vifes, "too-many-vifes", Layer::application, Culprit::peer,
             "more than 10 VIFEs"},
    FaultRow{FaultCode::reserved_lvar, "reserved-lvar", Layer::application, Culprit::peer,
             "a reserved LVAR: the length of the value is unknown"},
    FaultRow{FaultCode::plain_text_vif, "plain-text-vif", Layer::application, Culprit::peer,
             "the text of a plain-text VIF does not fit"},
    FaultRow{FaultCode::not_encodable, "not-encodable", Layer::application, Culprit::caller,
             "no VIF of the tables says this quantity in this unit and exponent"},
    FaultRow{FaultCode::value_out_of_range, "value-out-of-range", Layer::application,
             Culprit::caller, "the value does not fit its coding"},
    FaultRow{FaultCode::format_unknown, "format-unknown", Layer::application, Culprit::caller,
             "a compact frame whose format is not known yet"},
    FaultRow{FaultCode::signature_mismatch, "signature-mismatch", Layer::application, Culprit::peer,
             "the format signature is not the CRC of the DIFs and VIFs"},
    FaultRow{FaultCode::full_frame_crc_mismatch, "full-frame-crc-mismatch", Layer::application,
             Culprit::peer, "the frame rebuilt from a compact frame has another CRC"},
    FaultRow{FaultCode::format_mismatch, "format-mismatch", Layer::application, Culprit::peer,
             "a compact frame or format frame whose length contradicts its format"},
    FaultRow{FaultCode::endless_sequence, "endless-sequence", Layer::procedure, Culprit::peer,
             "the meter always announces one more telegram"},
    FaultRow{FaultCode::not_selected, "not-selected", Layer::procedure, Culprit::peer,
             "no device acknowledged the selection"},
    FaultRow{FaultCode::selection_lost, "selection-lost", Layer::procedure, Culprit::peer,
             "the selected device fell silent: it lost power, or its selection"},
    FaultRow{FaultCode::address_conflict, "address-conflict", Layer::procedure, Culprit::peer,
             "more than one meter answers at this address"},
    FaultRow{FaultCode::indistinguishable, "indistinguishable", Layer::procedure, Culprit::peer,
             "several meters that no selection tells apart"},
    FaultRow{FaultCode::address_taken, "address-taken", Layer::procedure, Culprit::caller,
             "another meter has this address already"},
    FaultRow{FaultCode::baud_refused, "baud-refused", Layer::procedure, Culprit::peer,
             "the meter stayed at its old rate"},
    FaultRow{FaultCode::application_error, "application-error", Layer::procedure, Culprit::peer,
             "the meter reports an application error"},
    FaultRow{FaultCode::record_error, "record-error", Layer::procedure, Culprit::peer,
             "the meter reports an error of a record"},
    FaultRow{FaultCode::port_missing, "port-missing", Layer::bench, Culprit::bench,
             "the port does not exist or cannot be opened"},
    FaultRow{FaultCode::port_lost, "port-lost", Layer::bench, Culprit::bench,
             "the port went away while in use"},
    FaultRow{FaultCode::port_refused, "port-refused", Layer::bench, Culprit::bench,
             "the port does not take this setting"},
    FaultRow{FaultCode::not_capable, "not-capable", Layer::bench, Culprit::caller,
             "the rig cannot do this"},
};

/// What went wrong, whose doing it is, and where. `offset` counts bytes from the start of what was
/// being read (frame or telegram). `expected` and `actual` are set (not -1) where the fault is a
/// value that differs from the one due: a checksum, a length, an address.
struct Fault {
    FaultCode code;
    Layer layer;
    Culprit culprit;
    std::uint32_t offset = 0;
    std::int32_t expected = -1;
    std::int32_t actual = -1;

    friend constexpr bool operator==(const Fault&, const Fault&) = default;
};

[[nodiscard]] constexpr const FaultRow& row_of(FaultCode code) {
    return fault_rows[static_cast<std::size_t>(code)];
}

/// A fault with the layer and culprit of its row.
[[nodiscard]] constexpr Fault make_fault(FaultCode code, std::size_t offset = 0,
                                         std::int32_t expected = -1, std::int32_t actual = -1) {
    const FaultRow& row = row_of(code);
    return {code, row.layer, row.culprit, static_cast<std::uint32_t>(offset), expected, actual};
}

[[nodiscard]] constexpr std::string_view name_of(FaultCode code) {
    return row_of(code).name;
}
[[nodiscard]] constexpr std::string_view meaning_of(FaultCode code) {
    return row_of(code).meaning;
}
[[nodiscard]] std::string_view name_of(Layer layer);
[[nodiscard]] std::string_view name_of(Culprit culprit);

template <class T> using Expected = std::expected<T, Fault>;

[[nodiscard]] constexpr std::unexpected<Fault> failure(FaultCode code, std::size_t offset = 0,
                                                       std::int32_t expected = -1,
                                                       std::int32_t actual = -1) {
    return std::unexpected{make_fault(code, offset, expected, actual)};
}

namespace detail {
consteval bool rows_in_order() {
    for (std::size_t i = 0; i < fault_rows.size(); ++i) {
        if (static_cast<std::size_t>(fault_rows[i].code) != i) {
            return false;
        }
    }
    return fault_rows.size() == static_cast<std::size_t>(FaultCode::not_capable) + 1;
}
} // namespace detail
static_assert(detail::rows_in_order(), "fault_rows has one row a code, in the order of the codes");

} // namespace meterbench::core
