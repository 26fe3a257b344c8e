// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/segment.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace meterbench::sim {

/// The level converter at the master's end (EN 13757-2, 4.3). The defaults are those of a common
/// converter for 250 unit loads.
struct Converter {
    double mark_volt = 36;
    double step_volt = 12;             ///< from mark down to space
    double source_ohm = 30;            ///< for what changes within 50 ms; at most 1.2 V for 20 mA
    double limit_milliampere = 500;    ///< overload: it takes the voltage away
    double receive_milliampere = 7;    ///< above the current at rest: a space (6 is none, 9 is one)
    double collision_milliampere = 50; ///< above the current at rest: several senders (shall)
};

/// What a meter is to the cable (EN 13757-2, 4.2).
struct Load {
    double unit_loads = 1;            ///< of 1.5 mA each
    double space_milliampere = 15;    ///< what its space adds (11 to 20)
    std::optional<double> distance_m; ///< from the master along the cable; none: the far end
    double lowest_mark_volt = 21;     ///< of a mark that it recognises (21 to 42)
    double detection_volt = 8.2;      ///< least step that is a space to it (8.2, from memory)

    friend bool operator==(const Load&, const Load&) = default;
};

/// What a meter finds at its terminals.
struct Terminal {
    double mark_volt = 0;
    double space_volt = 0;
    double lowest_mark_volt = Load{}.lowest_mark_volt;
    double detection_volt = Load{}.detection_volt;

    /// It has enough to live on: 12 V (EN 13757-2, 4.2.1).
    [[nodiscard]] bool powered() const { return mark_volt >= lowest_volt; }
    /// It can tell mark from space.
    [[nodiscard]] bool hears() const {
        return mark_volt >= lowest_mark_volt && mark_volt - space_volt >= detection_volt;
    }

    static constexpr double lowest_volt = 12;
};

/// EN 13757-2, 4.2.2.2: what a unit load draws at mark.
inline constexpr double unit_load_milliampere = 1.5;

/// Voltages and currents of a bus at rest: a converter, one cable along which the meters sit, and
/// the current each draws. Meters draw constant currents, so what a meter at distance d loses is
/// the sum over all meters of their current times the resistance of the cable that both share.
class Levels {
  public:
    [[nodiscard]] const Converter& converter() const { return converter_; }
    void set_converter(const Converter& converter);
    [[nodiscard]] const Segment& segment() const { return segment_; }
    void set_segment(const Segment& segment);
    /// A load, by a number of its own from 0 on.
    void set_load(std::size_t index, const Load& load);
    /// One that draws nothing any more.
    void remove_load(std::size_t index);
    [[nodiscard]] const Load* load(std::size_t index) const;

    /// Another load at the end of the cable, in mA; negative is an error of the caller.
    void set_leak(double milliampere);
    [[nodiscard]] bool leaks() const { return leak_ > 0; }
    /// The wires touch at the converter.
    void set_short(bool is_short);
    /// A wire is broken so many metres from the converter; none: the cable is whole.
    void set_break(std::optional<double> distance_m);
    /// The converter gives no voltage.
    void set_off(bool off);

    /// The converter has taken its voltage away: short or overload.
    [[nodiscard]] bool overloaded();
    /// The current of all meters at rest, in mA.
    [[nodiscard]] double rest_milliampere();
    [[nodiscard]] double mark_volt();
    [[nodiscard]] Terminal at(std::size_t index);
    [[nodiscard]] double distance(const Load& load) const {
        return load.distance_m ? *load.distance_m : segment_.distance_m;
    }
    /// Of the cable as it charges through the converter, in seconds (a lumped estimate).
    [[nodiscard]] double time_constant() const;
    void set_capacitance(std::optional<double> nanofarad) { nanofarad_ = nanofarad; }

  private:
    struct Place {
        std::optional<Load> load;
        bool cut_off = false;
        double drop = 0; ///< along the cable at rest, in V
    };
    void work_out();

    Converter converter_;
    Segment segment_ = segments.front();
    std::vector<Place> places_;
    double leak_ = 0;
    bool short_ = false;
    bool off_ = false;
    std::optional<double> break_m_;
    std::optional<double> nanofarad_;
    bool stale_ = true;
    double rest_ = 0;
};

} // namespace meterbench::sim
