// SPDX-License-Identifier: Apache-2.0
#include "core/security/aes.hpp"

#include <algorithm>
#include <cryptopp/aes.h>
#include <cryptopp/des.h>

namespace meterbench::core::security {

struct Aes::Schedules {
    Key128 key{};
    CryptoPP::AES::Encryption encryption{};
    CryptoPP::AES::Decryption decryption{};
    bool encrypts = false; ///< the schedule is that of `key`
    bool decrypts = false;

    const CryptoPP::AES::Encryption& to_encrypt() {
        if (!encrypts) {
            encryption.SetKey(key.data(), key.size());
            encrypts = true;
        }
        return encryption;
    }
    const CryptoPP::AES::Decryption& to_decrypt() {
        if (!decrypts) {
            decryption.SetKey(key.data(), key.size());
            decrypts = true;
        }
        return decryption;
    }
};

Aes::Aes() : schedules_{std::make_unique<Schedules>()} {}
Aes::~Aes() = default;
Aes::Aes(Aes&&) noexcept = default;
Aes& Aes::operator=(Aes&&) noexcept = default;

void Aes::set_key(std::span<const std::uint8_t, block_size> key) {
    if (std::ranges::equal(key, schedules_->key)) {
        return;
    }
    std::ranges::copy(key, schedules_->key.begin());
    schedules_->encrypts = false;
    schedules_->decrypts = false;
}

void Aes::encrypt(const Block& in, Block& out) const {
    schedules_->to_encrypt().ProcessBlock(in.data(), out.data());
}

void Aes::decrypt(const Block& in, Block& out) const {
    schedules_->to_decrypt().ProcessBlock(in.data(), out.data());
}

void Aes::encrypt_cbc(const Block& iv, std::span<const std::uint8_t> in,
                      std::span<std::uint8_t> out) const {
    const auto& cipher = schedules_->to_encrypt();
    Block chain = iv;
    for (std::size_t at = 0; at + block_size <= in.size(); at += block_size) {
        for (std::size_t i = 0; i < block_size; ++i) {
            chain[i] ^= in[at + i];
        }
        cipher.ProcessBlock(chain.data());
        std::ranges::copy(chain, out.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

void Aes::decrypt_cbc(const Block& iv, std::span<const std::uint8_t> in,
                      std::span<std::uint8_t> out) const {
    const auto& cipher = schedules_->to_decrypt();
    Block chain = iv;
    for (std::size_t at = 0; at + block_size <= in.size(); at += block_size) {
        Block sent;
        std::ranges::copy(in.subspan(at, block_size), sent.begin());
        cipher.ProcessAndXorBlock(sent.data(), chain.data(), out.data() + at);
        chain = sent;
    }
}

void Aes::apply_ctr(const Block& first, std::span<const std::uint8_t> in,
                    std::span<std::uint8_t> out) const {
    const auto& cipher = schedules_->to_encrypt();
    Block counter = first;
    for (std::size_t at = 0; at < in.size(); at += block_size) {
        Block stream;
        cipher.ProcessBlock(counter.data(), stream.data());
        const std::size_t size = std::min(block_size, in.size() - at);
        for (std::size_t i = 0; i < size; ++i) {
            out[at + i] = static_cast<std::uint8_t>(in[at + i] ^ stream[i]);
        }
        for (std::size_t i = block_size; i-- > 0 && ++counter[i] == 0;) {
        }
    }
}

namespace {

using DesBlock = std::array<std::uint8_t, des_block_size>;

DesBlock block_at(std::span<const std::uint8_t> in, std::size_t at) {
    DesBlock block;
    std::ranges::copy(in.subspan(at, des_block_size), block.begin());
    return block;
}
DesBlock combined(const DesBlock& a, const DesBlock& b) {
    DesBlock made;
    std::ranges::transform(a, b, made.begin(), [](std::uint8_t left, std::uint8_t right) {
        return static_cast<std::uint8_t>(left ^ right);
    });
    return made;
}

} // namespace

void encrypt_des_cbc(std::span<const std::uint8_t, des_block_size> key,
                     std::span<const std::uint8_t, des_block_size> iv,
                     std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
    const CryptoPP::DES::Encryption cipher{key.data(), key.size()};
    DesBlock chain = block_at(iv, 0);
    for (std::size_t at = 0; at + des_block_size <= in.size(); at += des_block_size) {
        chain = combined(chain, block_at(in, at));
        cipher.ProcessBlock(chain.data());
        std::ranges::copy(chain, out.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

void decrypt_des_cbc(std::span<const std::uint8_t, des_block_size> key,
                     std::span<const std::uint8_t, des_block_size> iv,
                     std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
    const CryptoPP::DES::Decryption cipher{key.data(), key.size()};
    DesBlock chain = block_at(iv, 0);
    for (std::size_t at = 0; at + des_block_size <= in.size(); at += des_block_size) {
        const DesBlock sent = block_at(in, at);
        DesBlock plain;
        cipher.ProcessBlock(sent.data(), plain.data());
        std::ranges::copy(combined(plain, chain), out.begin() + static_cast<std::ptrdiff_t>(at));
        chain = sent;
    }
}

} // namespace meterbench::core::security
