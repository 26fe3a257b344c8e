// SPDX-License-Identifier: Apache-2.0
#include "core/security/authentication.hpp"

#include <algorithm>

namespace meterbench::core::security {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// Doubling in GF(2^128), most significant bit first (SP 800-38B, 6.1).
Block doubled(const Block& block) {
    Block made;
    unsigned carry = 0;
    for (std::size_t i = block_size; i-- > 0;) {
        made[i] = static_cast<std::uint8_t>(unsigned{block[i]} << 1U | carry);
        carry = unsigned{block[i]} >> 7U;
    }
    constexpr unsigned polynomial = 0x87;
    made[block_size - 1] = static_cast<std::uint8_t>(made[block_size - 1] ^ (carry * polynomial));
    return made;
}

void mix(Block& into, const Block& other) {
    for (std::size_t i = 0; i < block_size; ++i) {
        into[i] ^= other[i];
    }
}

} // namespace

void Cmac::add(Bytes bytes) {
    for (const std::uint8_t byte : bytes) {
        if (filled_ == block_size) {
            mix(chain_, last_);
            aes_.encrypt(chain_, chain_);
            filled_ = 0;
        }
        last_[filled_++] = byte;
    }
}

Block Cmac::finish() {
    Block subkey{};
    aes_.encrypt(subkey, subkey);
    subkey = doubled(subkey);
    if (filled_ < block_size) {
        subkey = doubled(subkey);
        last_[filled_] = 0x80;
        std::ranges::fill(std::span{last_}.subspan(filled_ + 1), std::uint8_t{0});
    }
    mix(chain_, last_);
    mix(chain_, subkey);
    aes_.encrypt(chain_, chain_);
    return chain_;
}

Block cmac(const Aes& aes, std::initializer_list<Bytes> pieces) {
    Cmac made{aes};
    for (const Bytes piece : pieces) {
        made.add(piece);
    }
    return made.finish();
}

namespace {

/// CBC-MAC over bytes that are padded with zeros to whole blocks, part by part.
class ChainedMac {
  public:
    explicit ChainedMac(const Aes& aes) : aes_{aes} {}
    void add(Bytes bytes) {
        for (const std::uint8_t byte : bytes) {
            chain_[filled_] ^= byte;
            if (++filled_ == block_size) {
                pad();
            }
        }
    }
    void pad() {
        if (filled_ != 0) {
            aes_.encrypt(chain_, chain_);
            filled_ = 0;
        }
    }
    [[nodiscard]] const Block& value() const { return chain_; }

  private:
    const Aes& aes_;
    Block chain_{};
    std::size_t filled_ = 0;
};

/// Counter block i: flags, nonce, i in what is left (RFC 3610, 2.3).
Block ccm_counter(Bytes nonce, std::uint8_t index) {
    Block block{};
    block[0] = static_cast<std::uint8_t>(block_size - 2 - nonce.size());
    std::ranges::copy(nonce, block.begin() + 1);
    block[block_size - 1] = index;
    return block;
}

Block ccm_tag(const Aes& aes, const CcmInput& plain, std::size_t tag_size) {
    const std::size_t length_size = block_size - 1 - plain.nonce.size();
    Block first = ccm_counter(plain.nonce, 0);
    first[0] = static_cast<std::uint8_t>((plain.associated.empty() ? 0U : 0x40U) |
                                         (tag_size - 2) / 2 << 3U | (length_size - 1));
    std::size_t length = plain.text.size();
    for (std::size_t i = 0; i < length_size; ++i, length >>= 8U) {
        first[block_size - 1 - i] = static_cast<std::uint8_t>(length);
    }
    ChainedMac mac{aes};
    mac.add(first);
    if (!plain.associated.empty()) {
        const std::array<std::uint8_t, 2> size{
            static_cast<std::uint8_t>(plain.associated.size() >> 8U),
            static_cast<std::uint8_t>(plain.associated.size())};
        mac.add(size);
        mac.add(plain.associated);
        mac.pad();
    }
    mac.add(plain.text);
    mac.pad();
    Block tag = mac.value();
    Block stream;
    aes.encrypt(ccm_counter(plain.nonce, 0), stream);
    mix(tag, stream);
    return tag;
}

/// The product in GF(2^128) with the bits reflected as GCM has them (SP 800-38D, 6.3). Telegrams
/// are short: bit by bit is fast enough.
Block product(const Block& x, const Block& y) {
    Block sum{};
    Block power = y;
    for (std::size_t i = 0; i < 8 * block_size; ++i) {
        if ((x[i / 8] >> (7 - i % 8) & 1U) != 0) {
            mix(sum, power);
        }
        const bool carry = (power[block_size - 1] & 1U) != 0;
        for (std::size_t j = block_size - 1; j > 0; --j) {
            power[j] = static_cast<std::uint8_t>(power[j] >> 1U | power[j - 1] << 7U);
        }
        power[0] = static_cast<std::uint8_t>(power[0] >> 1U);
        if (carry) {
            power[0] ^= 0xE1U;
        }
    }
    return sum;
}

/// GHASH (SP 800-38D, 6.4) of bytes that come in pieces, padded with zeros part by part.
class GaloisHash {
  public:
    explicit GaloisHash(const Aes& aes) { aes.encrypt(key_, key_); }
    void add(Bytes bytes) {
        for (const std::uint8_t byte : bytes) {
            hash_[filled_] ^= byte;
            if (++filled_ == block_size) {
                pad();
            }
        }
    }
    void pad() {
        if (filled_ != 0) {
            hash_ = product(hash_, key_);
            filled_ = 0;
        }
    }
    /// The lengths of both parts, in bytes; the hash.
    [[nodiscard]] const Block& finish(std::size_t associated, std::size_t text) {
        Block lengths{};
        std::size_t associated_bits = 8 * associated;
        std::size_t text_bits = 8 * text;
        for (std::size_t i = 0; i < 8; ++i, associated_bits >>= 8U, text_bits >>= 8U) {
            lengths[7 - i] = static_cast<std::uint8_t>(associated_bits);
            lengths[15 - i] = static_cast<std::uint8_t>(text_bits);
        }
        add(lengths);
        return hash_;
    }

  private:
    Block key_{};
    Block hash_{};
    std::size_t filled_ = 0;
};

Block gcm_counter(std::span<const std::uint8_t, 12> nonce, std::uint8_t index) {
    Block block{};
    std::ranges::copy(nonce, block.begin());
    block[block_size - 1] = index;
    return block;
}

/// `cipher` is the input with the ciphertext as text.
Block gcm_tag(const Aes& aes, const GcmInput& cipher) {
    GaloisHash hash{aes};
    hash.add(cipher.associated);
    hash.pad();
    hash.add(cipher.text);
    hash.pad();
    Block tag = hash.finish(cipher.associated.size(), cipher.text.size());
    Block stream;
    aes.encrypt(gcm_counter(cipher.nonce, 1), stream);
    mix(tag, stream);
    return tag;
}

void copy_tag(const Block& made, std::span<std::uint8_t> tag) {
    std::ranges::copy(Bytes{made}.first(std::min(tag.size(), block_size)), tag.begin());
}
bool is_tag(const Block& made, Bytes tag) {
    return tag.size() <= block_size && equal_in_constant_time(Bytes{made}.first(tag.size()), tag);
}

} // namespace

void seal_ccm(const Aes& aes, const CcmInput& plain, std::span<std::uint8_t> out,
              std::span<std::uint8_t> tag) {
    const Block made = ccm_tag(aes, plain, tag.size());
    aes.apply_ctr(ccm_counter(plain.nonce, 1), plain.text, out);
    copy_tag(made, tag);
}

bool open_ccm(const Aes& aes, const CcmInput& cipher, std::span<std::uint8_t> out, Bytes tag) {
    const auto plain = out.first(cipher.text.size());
    aes.apply_ctr(ccm_counter(cipher.nonce, 1), cipher.text, plain);
    if (is_tag(ccm_tag(aes, {cipher.nonce, cipher.associated, plain}, tag.size()), tag)) {
        return true;
    }
    std::ranges::fill(plain, std::uint8_t{0});
    return false;
}

void seal_gcm(const Aes& aes, const GcmInput& plain, std::span<std::uint8_t> out,
              std::span<std::uint8_t> tag) {
    aes.apply_ctr(gcm_counter(plain.nonce, 2), plain.text, out);
    copy_tag(gcm_tag(aes, {plain.nonce, plain.associated, out.first(plain.text.size())}), tag);
}

bool open_gcm(const Aes& aes, const GcmInput& cipher, std::span<std::uint8_t> out, Bytes tag) {
    if (!is_tag(gcm_tag(aes, cipher), tag)) {
        std::ranges::fill(out.first(cipher.text.size()), std::uint8_t{0});
        return false;
    }
    aes.apply_ctr(gcm_counter(cipher.nonce, 2), cipher.text, out);
    return true;
}

Block gmac(const Aes& aes, std::span<const std::uint8_t, 12> nonce,
           std::initializer_list<Bytes> pieces) {
    GaloisHash hash{aes};
    std::size_t size = 0;
    for (const Bytes piece : pieces) {
        hash.add(piece);
        size += piece.size();
    }
    hash.pad();
    Block tag = hash.finish(size, 0);
    Block stream;
    aes.encrypt(gcm_counter(nonce, 1), stream);
    mix(tag, stream);
    return tag;
}

} // namespace meterbench::core::security
