// SPDX-License-Identifier: Apache-2.0
// Purpose: each fault of a meter can be seen on the wire where its requirement is put to the test,
// and a meter without it behaves otherwise. No simulation: octets go straight into the device.
// Each requirement names its probes; a probe is a list of what a master sends, in words of its own.
#include "core/link/frame.hpp"
#include "formats/json_reader.hpp"
#include "models/fault_set.hpp"
#include "models/meter_factory.hpp"
#include "models/mutants.hpp"
#include "paths.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <map>
#include <set>

BOOST_AUTO_TEST_SUITE(fault_visibility)

using namespace meterbench;
using namespace std::chrono_literals;
using core::Baud;
using core::Instant;
using core::Octet;
using core::OctetErrors;

namespace {

/// The heat meter of scenarios/profiles at address 5, 2400 Bd; it answers REQ_UD1.
std::unique_ptr<core::link::MeterApplication> application() {
    auto profile =
        formats::load_meter_profile(METERBENCH_SOURCE_DIR "/scenarios/profiles/heat.json").value();
    profile.alarms = true;
    core::device::MeterDescription meter;
    meter.name = "a";
    meter.id = "12345678";
    meter.profile = "heat";
    return models::make_application(meter, [&](const std::string&) { return profile; }).value();
}

/// One line of everything the device sends.
class Bench {
  public:
    explicit Bench(std::string_view fault)
        : application_{application()}, faults_{config(), *application_} {
        if (!fault.empty()) {
            const auto set = faults_.set({std::string{fault}, {}});
            BOOST_REQUIRE_MESSAGE(set, set.error());
        }
    }

    /// `text`: hex; `@N` sends at N Bd, `!N` waits N s, `alarm` raises one, `power` fails, `pN` and
    /// `fN`: octet N with odd parity or a low stop bit. What comes first is the frame.
    void play(std::string_view step) {
        const std::string word{step.substr(0, step.find(' '))};
        if (word == "power") {
            faults_.device().restart(now_);
            return;
        }
        if (word == "alarm") {
            const auto set = faults_.set({"state.alarm", {}});
            BOOST_REQUIRE(set);
            return;
        }
        if (word.starts_with("!")) {
            return settle(now_ + std::chrono::milliseconds{std::stol(word.substr(1))});
        }
        send(step);
    }
    [[nodiscard]] const std::string& trace() const { return trace_; }

  private:
    /// As a bus file without `response` has it.
    static core::link::SecondaryConfig config() {
        core::link::SecondaryConfig result;
        result.address = 5;
        result.limits.response_delay = {core::BitTime{11}, 20ms};
        return result;
    }
    void send(std::string_view step) {
        Baud baud{2400};
        core::Duration pause = 1500ms;
        std::size_t odd = SIZE_MAX;
        std::size_t low = SIZE_MAX;
        while (step.find_first_of("@pf<") == 0) {
            const std::string number{step.substr(1, step.find(' ') - 1)};
            const unsigned long value = std::stoul(number);
            switch (step.front()) {
            case '@': baud = Baud{static_cast<std::uint32_t>(value)}; break;
            case 'p': odd = value; break;
            case 'f': low = value; break;
            default: pause = core::BitTime{static_cast<std::int64_t>(value)}.ceil(baud); break;
            }
            step.remove_prefix(step.find(' ') + 1);
        }
        const auto bytes = frame(step);
        auto octets = tests::octets(bytes, now_, baud);
        if (odd < octets.size()) {
            octets[odd].errors = OctetErrors::parity;
        }
        if (low < octets.size()) {
            octets[low].errors = OctetErrors::framing;
        }
        trace_ += fmt::format("> {}\n", step);
        const Instant begin = now_;
        for (const Octet& octet : octets) {
            const auto listens = faults_.device().listens();
            if (!faults_.unplugged() && (!listens || *listens == baud)) {
                faults_.device().receive({&octet, 1});
            }
        }
        now_ = tests::end_of(octets);
        asked_ = now_;
        settle(std::max(begin, now_) + pause);
    }
    /// Hex as it stands, or `C A` and the user data behind a colon: the frame is made.
    static tests::Bytes frame(std::string_view text) {
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos) {
            const auto bytes = tests::hex(text);
            if (bytes.size() != 2) {
                return bytes;
            }
            const auto made = core::link::encode_short({bytes[0]}, bytes[1]);
            return {made.bytes().begin(), made.bytes().end()};
        }
        const auto head = tests::hex(text.substr(0, colon));
        const auto user_data = tests::hex(text.substr(colon + 1));
        const auto made = core::link::encode_long({head[0]}, head[1], user_data).value();
        return {made.bytes().begin(), made.bytes().end()};
    }
    void settle(Instant until) {
        for (int rounds = 0; rounds < 1000; ++rounds) {
            if (const auto transmission = faults_.device().transmit()) {
                note(*transmission);
                continue;
            }
            const auto due = faults_.device().deadline();
            if (!due || *due > until) {
                break;
            }
            now_ = std::max(now_, *due);
            faults_.device().expire(now_);
        }
        now_ = until;
    }
    void note(const core::Transmission& sent) {
        std::string text = fmt::format("< {} after {} at {}", tests::to_hex(sent.bytes),
                                       (sent.not_before - asked_).count(), sent.baud.value);
        for (const auto& exception : sent.exceptions) {
            text += fmt::format(" x{}:{}:{}", exception.index, static_cast<int>(exception.kind),
                                exception.gap_before.numerator);
        }
        trace_ += fmt::format("{} gap {}/{} stop {}\n", text, sent.gap.numerator,
                              sent.gap.denominator, sent.stop_bits);
        now_ = std::max(now_, sent.not_before) +
               core::bit_edge(sent.baud, 11 * std::ssize(sent.bytes));
        faults_.device().sent(now_);
    }

    std::unique_ptr<core::link::MeterApplication> application_;
    models::FaultSet faults_;
    Instant now_{1s};
    Instant asked_{};
    std::string trace_;
};

using Steps = std::vector<std::string>;

const std::string select_own = "53 FD: 52 78 56 34 12 58 34 01 04"; // MBX is 3458h

/// What a master does to find something out. Behind each, the meter is asked as always.
const std::map<std::string, Steps, std::less<>>& probes() {
    static const std::map<std::string, Steps, std::less<>> all{
        {"nke", {"40 05"}},
        {"request", {"40 05", "7B 05"}},
        {"sequence", {"40 05", "7B 05", "5B 05", "7B 05", "5B 05", "7B 05"}},
        {"repeat", {"40 05", "7B 05", "7B 05", "5B 05", "5B 05"}},
        {"reset", {"40 05", "7B 05", "5B 05", "40 05", "7B 05", "5B 05", "40 05", "5B 05"}},
        {"without fcv", {"40 05", "7B 05", "4B 05", "4B 05", "5B 05"}},
        {"access",
         [] {
             Steps steps{"40 05"};
             for (int i = 0; i < 150; ++i) {
                 steps.emplace_back(i % 2 == 0 ? "7B 05" : "5B 05");
             }
             return steps;
         }()},
        {"data", {"73 05: 50", "53 05: 50", "43 05: 50"}},
        {"data twice",
         {"73 05: 51 01 FD 97 05 01", "73 05: 51 01 FD 97 05 01", "73 05: 50", "53 05: 51 08 FD 17",
          "7B 05"}},
        {"test address", {"40 FE", "7B FE"}},
        {"broadcast", {"40 05", "7B 05", "40 FF", "7B 05", "5B 05", "73 FF: 50", "7B 05", "7B FF"}},
        {"foreign", {"40 04", "7B 04", "40 45", "40 06", "40 05"}},
        {"answer", {"68 03 03 68 08 05 72 7F 16", "08 05: 72 01 02 03", "E5", "40 05"}},
        {"bad checksum", {"10 40 05 46 16", "68 03 03 68 73 05 50 C9 16"}},
        {"bad stop", {"10 40 05 45 17", "68 03 03 68 73 05 50 C8 17"}},
        {"bad length", {"68 03 04 68 73 05 50 C8 16"}},
        {"bad second start", {"68 03 03 67 73 05 50 C8 16"}},
        {"bad characters", {"p1 40 05", "f2 40 05"}},
        {"short length", {"68 02 02 68 53 05 58 16", "68 00 00 68 00 16"}},
        {"truncated", {"68 03 03 68 73 05", "40 05", "10 40 05 45", "40 05"}},
        {"after error", {"<40 10 40 05 46 16", "40 05"}},
        {"after stray", {"<40 00", "40 05"}},
        {"misfit", {"53 05", "5B 05: 51"}},
        {"unsupported", {"49 05"}},
        {"idle", {"40 05", "!60000"}},
        {"long",
         {"73 05: 51" +
          [] {
              std::string fillers;
              for (int i = 0; i < 252; ++i) {
                  fillers += " 2F";
              }
              return fillers;
          }()}},
        {"selection",
         {"7B FD", "53 FD: 50", "40 FD", select_own, "7B FD", "5B FD", "5B FD", "53 FD: 50",
          "7B 05", "7B FD", "53 FD: 52 79 56 34 12 58 34 01 04", "7B FD", select_own, "40 FD",
          "7B FD"}},
        {"selection again", {select_own, "7B FD", select_own, "7B FD", "5B FD"}},
        {"selection old", {select_own, "53 FD: 56 12 34 56 78 34 58 01 04", "7B FD"}},
        {"selection data", {select_own, "73 FD: 51 08 5A", "7B FD", "73 FD: 50"}},
        {"selection broadcast", {select_own, "40 FF", "7B FD"}},
        {"selection primary", {select_own, "40 05", "7B 05", "7B FD"}},
        {"selection power", {select_own, "7B FD", "power", "7B FD"}},
        {"other device",
         {"53 FD: 52 78 56 34 02 58 34 01 04", "53 FD: 52 79 56 34 12 58 34 01 04",
          "53 FD: 52 78 56 34 12 59 34 01 04", "53 FD: 52 78 56 34 12 58 34 02 04",
          "53 FD: 52 78 56 34 12 58 34 01 07", "53 FD: 52 78 57 34 12 58 34 01 04"}},
        {"wild digits",
         {"53 FD: 52 FF FF FF FF 58 34 01 04", "53 FD: 52 78 56 34 F2 58 34 01 04",
          "53 FD: 52 7F 56 34 12 58 34 01 04", "53 FD: 52 78 5F 34 12 58 34 01 04"}},
        {"wild fields",
         {"53 FD: 52 78 56 34 12 FF FF 01 04", "53 FD: 52 78 56 34 12 58 34 FF 04",
          "53 FD: 52 78 56 34 12 58 34 01 FF"}},
        {"wild half", {"53 FD: 52 78 56 34 12 58 FF 01 04", "53 FD: 52 78 56 34 12 FF 34 01 04"}},
        {"enhanced", {"53 FD: 52 78 56 34 12 FF FF FF FF 0C 78 78 56 34 12"}},
        {"enhanced wrong", {"53 FD: 52 78 56 34 12 FF FF FF FF 0C 78 79 56 34 12"}},
        {"reset application", {"40 05", "7B 05", "5B 05", "73 05: 50", "7B 05"}},
        {"unknown command", {"73 05: A7", "7B 05", "5B 05", "7B 05"}},
        {"applications",
         {"73 05: 50 10", "7B 05", "53 05: 50 F0", "5B 05", "73 05: 50 10", "power", "40 05",
          "7B 05"}},
        {"readout",
         {"73 05: 51 08 5A", "7B 05", "53 05: 51 7F", "5B 05", "73 05: 51 C8 3F 7E", "7B 05"}},
        {"write", {"73 05: 51 01 FD 17 05", "53 05: 51 08 FD 17", "7B 05"}},
        {"refusal", {"73 05: 51 0C 13 07 00 00 00", "7B 05", "5B 05"}},
        {"address", {"73 05: 51 01 7A 08", "40 08", "40 09", "40 05"}},
        {"address wrong", {"73 05: 51 01 7A FB", "40 05", "40 FB"}},
        {"clock",
         {"73 05: 6C 78 56 34 12 58 34 01 04 00 00 00 00 00 00 00 0A 41 16 00 00 00 00",
          "53 05: 51 08 6D", "7B 05"}},
        {"freeze", {"!36000000", "73 05: 5C", "53 05: 51 48 06", "7B 05"}},
        {"rate",
         {"73 05: BD", "@9600 40 05", "@9600 53 05: B8", "@300 40 05", "@300 73 05: BB", "40 05"}},
        {"rate lost", {"73 05: BD", "!700000", "40 05"}},
        {"rate unknown", {"73 05: BF", "40 05", "@38400 40 05"}},
        {"alarm", {"40 05", "7A 05", "alarm", "7B 05", "5A 05", "5A 05", "7A 05"}},
        {"no alarm", {"40 05", "7A 05", "7B 05"}},
    };
    return all;
}

/// Where the requirement is put to the test (methods of the catalogue).
const std::map<std::string_view, Steps>& probes_of() {
    static const std::map<std::string_view, Steps> all{
        {"MB2-PH-031", {"rate"}},
        {"MB2-PH-035", {"request"}},
        {"MB2-PH-036", {"request"}},
        {"MB2-PH-038", {"request"}},
        {"MB2-LL-001", {"nke"}},
        {"MB2-LL-003", {"request"}},
        {"MB2-LL-004", {"request"}},
        {"MB2-LL-006", {"request"}},
        {"MB2-LL-007", {"bad checksum"}},
        {"MB2-LL-008", {"bad stop"}},
        {"MB2-LL-009", {"bad length"}},
        {"MB2-LL-010", {"bad second start"}},
        {"MB2-LL-011", {"bad characters"}},
        {"MB2-LL-012", {"truncated"}},
        {"MB2-LL-013", {"after stray"}},
        {"MB2-LL-014", {"request"}},
        {"MB2-LL-015", {"after error"}},
        {"MB2-LL-016", {"request"}},
        {"MB2-LL-017", {"request"}},
        {"MB2-LL-022", {"idle"}},
        {"MB2-LL-023", {"request"}},
        {"MB2-LL-024", {"request"}},
        {"MB2-LL-025", {"answer"}},
        {"MB2-LL-026", {"nke"}},
        {"MB2-LL-027", {"data"}},
        {"MB2-LL-028", {"sequence"}},
        {"MB2-LL-029", {"no alarm"}},
        {"MB2-LL-030", {"request"}},
        {"MB2-LL-031", {"request"}},
        {"MB2-LL-033", {"unsupported"}},
        {"MB2-LL-034", {"without fcv"}},
        {"MB2-LL-035", {"reset"}},
        {"MB2-LL-036", {"reset"}},
        {"MB2-LL-037", {"sequence"}},
        {"MB2-LL-038", {"repeat", "reset"}},
        {"MB2-LL-043", {"data twice"}},
        {"MB2-LL-051", {"selection"}},
        {"MB2-LL-052", {"test address"}},
        {"MB2-LL-053", {"broadcast"}},
        {"MB2-LL-054", {"test address"}},
        {"MB2-LL-055", {"selection"}},
        {"MB2-LL-056", {"foreign"}},
        {"MB2-LL-058", {"rate"}},
        {"MB2-LL-061", {"rate lost"}},
        {"MB2-LL-063", {"rate unknown"}},
        {"MB2-LL-072", {"long"}},
        {"MB2-LL-073", {"short length"}},
        {"MB2-LL-076", {"misfit"}},
        {"MB7-SA-002", {"selection"}},
        {"MB7-SA-003", {"selection", "other device"}},
        {"MB7-SA-004", {"wild digits"}},
        {"MB7-SA-005", {"wild fields"}},
        {"MB7-SA-006", {"wild half"}},
        {"MB7-SA-007", {"selection"}},
        {"MB7-SA-008", {"selection broadcast", "selection primary"}},
        {"MB7-SA-009", {"selection again"}},
        {"MB7-SA-011", {"selection old"}},
        {"MB7-SA-012", {"selection", "selection data"}},
        {"MB7-SA-013", {"selection primary"}},
        {"MB7-SA-015", {"enhanced"}},
        {"MB7-SA-016", {"enhanced wrong"}},
        {"MB7-SA-017", {"enhanced"}},
        {"MB7-SA-018", {"selection", "selection power"}},
        {"MB7-TL-008", {"access"}},
        {"MB7-TL-012", {"unknown command"}},
        {"MB3-AP-001", {"data", "reset application"}},
        {"MB3-AP-002", {"applications"}},
        {"MB3-AP-003", {"applications"}},
        {"MB3-AP-004", {"reset application"}},
        {"MB3-AP-006", {"readout"}},
        {"MB3-AP-007", {"readout"}},
        {"MB3-AP-008", {"readout"}},
        {"MB3-AP-010", {"address"}},
        {"MB3-AP-011", {"address wrong"}},
        {"MB3-AP-014", {"write"}},
        {"MB3-AP-016", {"refusal"}},
        {"MB3-AP-017", {"freeze"}},
        {"MB3-AP-018", {"clock"}},
        {"MB3-AP-019", {"alarm"}},
        {"MB3-AP-021", {"alarm"}},
        {"MB3-AP-022", {"unknown command"}},
        {"MB3-AP-023", {"unknown command"}},
        {"MB3-AP-025", {"unknown command"}},
        {"MB3-AP-040", {"applications"}},
    };
    return all;
}

std::string trace_of(const std::string& probe, std::string_view fault) {
    const auto found = probes().find(probe);
    BOOST_REQUIRE_MESSAGE(found != probes().end(), "no probe " << probe);
    Bench bench{fault};
    for (const std::string& step : found->second) {
        bench.play(step);
    }
    return bench.trace();
}

const std::string& sound_trace(const std::string& probe) {
    static std::map<std::string, std::string> traces;
    const auto [place, fresh] = traces.try_emplace(probe);
    if (fresh) {
        place->second = trace_of(probe, {});
    }
    return place->second;
}

/// Records, types and headers are seen in a read-out.
Steps probes_for(std::string_view requirement) {
    const auto found = probes_of().find(requirement);
    return found != probes_of().end() ? found->second : Steps{"sequence"};
}

} // namespace

// The meter without a fault answers what the probes' words lead to expect: a bench that hears
// nothing would find every fault invisible, or all of them visible.
BOOST_AUTO_TEST_CASE(a_sound_meter_answers) {
    BOOST_TEST(sound_trace("nke") == "> 40 05\n< E5 after 24583334 at 2400 gap 0/1 stop 1\n");
    BOOST_TEST(sound_trace("foreign").find("< E5") == sound_trace("foreign").rfind("< E5"));
    BOOST_TEST(sound_trace("bad checksum").find('<') == std::string::npos);
    BOOST_TEST(sound_trace("enhanced").find("< E5") != std::string::npos);
    BOOST_TEST(sound_trace("enhanced wrong").find('<') == std::string::npos);
    BOOST_TEST(sound_trace("rate").find("at 9600") != std::string::npos);
    BOOST_TEST(sound_trace("rate").find("at 300") != std::string::npos);
    BOOST_TEST(sound_trace("rate lost").rfind("< E5") > sound_trace("rate lost").rfind("> 40 05"));
}

BOOST_AUTO_TEST_CASE(every_mutant_shows_where_its_requirement_is_tested) {
    for (const models::Mutant& mutant : models::mutants()) {
        // The simulated world's faults need a simulated wire: tests/models/world_test.cpp has them.
        if (mutant.ring != models::Ring::behavioural ||
            std::holds_alternative<models::StationEdit>(mutant.row->edit)) {
            continue;
        }
        const std::string_view name = mutant.row->info.name;
        bool seen = false;
        for (const std::string& probe : probes_for(mutant.row->info.requirement)) {
            seen = seen || trace_of(probe, name) != sound_trace(probe);
        }
        BOOST_TEST(seen, name << " (" << mutant.row->info.requirement << "): not seen");
    }
}

// A variant that nobody can tell from the standard meter tests nothing.
BOOST_AUTO_TEST_CASE(every_benign_variant_is_another_meter) {
    for (const models::FaultRow& row : models::benign_rows()) {
        bool seen = false;
        for (const auto& [probe, steps] : probes()) {
            seen = seen || trace_of(probe, row.info.name) != sound_trace(probe);
        }
        BOOST_TEST(seen, row.info.name << ": not seen");
    }
}

// Null devices are no meters: none sends both E5h to SND_NKE, its telegram to REQ_UD2 and nothing
// to another address.
BOOST_AUTO_TEST_CASE(null_devices_are_no_meters) {
    for (const models::FaultRow& row : models::null_rows()) {
        bool alike = true;
        for (const char* const probe : {"request", "foreign"}) {
            alike = alike && trace_of(probe, row.info.name) == sound_trace(probe);
        }
        BOOST_TEST(!alike, row.info.name);
    }
}

BOOST_AUTO_TEST_CASE(names_are_unique_and_say_what_they_are) {
    std::set<std::string_view> names;
    for (const models::Mutant& mutant : models::mutants()) {
        BOOST_TEST(names.insert(mutant.row->info.name).second, mutant.row->info.name << " twice");
        const bool prefixed =
            mutant.row->info.name.starts_with(std::string{models::name_of(mutant.ring)} + ".");
        BOOST_TEST(prefixed == (mutant.ring != models::Ring::behavioural), mutant.row->info.name);
    }
}

BOOST_AUTO_TEST_CASE(requirements_are_those_of_the_catalogue) {
    const auto catalogue =
        formats::read_text_file(METERBENCH_SOURCE_DIR "/scenarios/catalogue/wired.json");
    BOOST_REQUIRE(catalogue);
    for (const models::Mutant& mutant : models::mutants()) {
        const std::string requirement{mutant.row->info.requirement};
        const bool known = catalogue->find('"' + requirement + '"') != std::string::npos;
        BOOST_TEST((requirement.empty() || known), mutant.row->info.name << ": " << requirement);
    }
}

BOOST_AUTO_TEST_SUITE_END()
