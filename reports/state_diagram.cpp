// SPDX-License-Identifier: Apache-2.0
#include "reports/state_diagram.hpp"

#include "reports/html.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace meterbench::reports {

namespace {

// All in pixels; text is monospaced, so that its width is known without a browser.
constexpr double letter = 6.3;
constexpr double line_height = 14;
constexpr double padding = 8;
constexpr double margin = 24;
constexpr double head = 58;
constexpr double row_gap = 56;
constexpr std::size_t widest_text = 46;   ///< characters of a line in a box
constexpr std::size_t tallest_column = 5; ///< states

struct Line {
    std::string text;
    bool differs = false;
};

struct Box {
    std::vector<Line> lines;
    double x = 0, y = 0, width = 0, height = 0;
    [[nodiscard]] double middle() const { return y + height / 2; }
};

struct Edge {
    std::size_t from = 0, to = 0;
    std::vector<Line> labels;
    bool differs = false;
};

struct Point {
    double x = 0, y = 0;
};

struct Area {
    double x = 0, y = 0, width = 0, height = 0;
    [[nodiscard]] bool meets(const Area& o) const {
        return x < o.x + o.width && o.x < x + width && y < o.y + o.height && o.y < y + height;
    }
};

/// Joins names to lines of at most widest_text characters.
std::vector<Line> wrapped(const std::string& lead, const std::vector<std::string>& names) {
    std::vector<Line> lines{{lead, false}};
    bool first = true;
    for (const std::string& name : names) {
        std::string& last = lines.back().text;
        const std::string part = (first ? "" : ", ") + name;
        if (last.size() + part.size() > widest_text && !first) {
            last += ",";
            lines.push_back({"   " + name, false});
        } else {
            last += part;
        }
        first = false;
    }
    return lines;
}

class Drawing {
  public:
    explicit Drawing(const StateDiagram& diagram) : diagram_{diagram}, boxes_(diagram.states) {
        for (std::size_t i = 0; i < boxes_.size(); ++i) {
            boxes_[i].lines.push_back({fmt::format("state {}", i + 1), false});
        }
        find_common_ways();
        fill_boxes();
        collect_edges();
        place_boxes();
    }

    std::string draw() {
        std::string edges;
        std::string labels;
        for (const Edge& edge : edges_) {
            draw_edge(edge, edges, labels);
        }
        std::string boxes;
        for (const Box& box : boxes_) {
            draw_box(box, boxes);
        }
        return frame(edges + boxes + labels);
    }

  private:
    using Way = std::tuple<std::string, std::string, std::size_t>; ///< input, output, target

    /// What leads to one state from nearly everywhere.
    void find_common_ways() {
        std::map<Way, std::size_t> counts;
        for (const auto& t : diagram_.transitions) {
            if (!t.differs) {
                ++counts[{t.input, t.output, t.to}];
            }
        }
        for (const auto& [way, count] : counts) {
            if (count >= 3 && count * 5 >= diagram_.states * 3) {
                common_.insert(way);
            }
        }
        for (const Way& way : common_) {
            if (counts[way] != diagram_.states) {
                partly_.insert(way);
            }
        }
    }

    [[nodiscard]] bool common(const StateDiagram::Transition& t) const {
        return !t.differs && common_.contains({t.input, t.output, t.to});
    }

    void fill_boxes() {
        std::map<std::pair<std::size_t, std::string>, std::vector<std::string>> from_anywhere;
        for (const Way& way : common_) {
            const auto& [input, output, to] = way;
            from_anywhere[{to, output}].push_back(input + (partly_.contains(way) ? "*" : ""));
        }
        for (const auto& [place, names] : from_anywhere) {
            append(place.first, wrapped("from anywhere / " + place.second + ": ", names));
        }
        std::map<std::pair<std::size_t, std::string>, std::vector<std::string>> loops;
        for (const auto& t : diagram_.transitions) {
            if (t.from != t.to || common(t)) {
                continue;
            }
            if (t.differs) {
                boxes_[t.from].lines.push_back(
                    {fmt::format("stays / {}: {}  (due: {})", t.output, t.input, t.note), true});
            } else {
                loops[{t.from, t.output}].push_back(t.input);
            }
        }
        for (const auto& [place, names] : loops) {
            append(place.first, wrapped("stays / " + place.second + ": ", names));
        }
        for (Box& box : boxes_) {
            std::size_t longest = 0;
            for (const Line& line : box.lines) {
                longest = std::max(longest, line.text.size());
            }
            box.width = static_cast<double>(longest) * letter + 2 * padding;
            box.height = static_cast<double>(box.lines.size()) * line_height + 2 * padding;
        }
    }
    void append(std::size_t state, std::vector<Line>&& lines) {
        for (Line& line : lines) {
            boxes_[state].lines.push_back(std::move(line));
        }
    }

    void collect_edges() {
        std::map<std::tuple<std::size_t, std::size_t, std::string>, std::vector<std::string>>
            merged;
        std::map<std::pair<std::size_t, std::size_t>, Edge> edges;
        for (const auto& t : diagram_.transitions) {
            if (t.from == t.to || common(t)) {
                continue;
            }
            Edge& edge = edges[{t.from, t.to}];
            edge.from = t.from;
            edge.to = t.to;
            if (t.differs) {
                edge.differs = true;
                edge.labels.push_back(
                    {fmt::format("{} / {}  (due: {})", t.input, t.output, t.note), true});
            } else {
                merged[{t.from, t.to, t.output}].push_back(t.input);
            }
        }
        for (auto& [place, names] : merged) {
            const auto& [from, to, output] = place;
            std::string text;
            for (const std::string& name : names) {
                text += (text.empty() ? "" : ", ") + name;
            }
            edges[{from, to}].labels.push_back({fmt::format("{} / {}", text, output), false});
        }
        for (auto& [ends, edge] : edges) {
            edges_.push_back(std::move(edge));
        }
    }

    /// How far each state is from the first one, over the edges that are drawn and all others.
    [[nodiscard]] std::vector<std::size_t> depths() const {
        std::vector<std::size_t> depth(diagram_.states, diagram_.states);
        depth[0] = 0;
        for (std::size_t round = 0; round < diagram_.states; ++round) {
            for (const auto& t : diagram_.transitions) {
                depth[t.to] = std::min(depth[t.to], depth[t.from] + 1);
            }
        }
        return depth;
    }

    void place_boxes() {
        const std::vector<std::size_t> depth = depths();
        std::vector<std::vector<std::size_t>> columns;
        for (std::size_t d = 0; d <= diagram_.states; ++d) {
            std::size_t in_column = tallest_column;
            for (std::size_t state = 0; state < diagram_.states; ++state) {
                if (depth[state] != d) {
                    continue;
                }
                if (in_column == tallest_column) {
                    columns.emplace_back();
                    in_column = 0;
                }
                columns.back().push_back(state);
                ++in_column;
            }
        }
        double tallest = 0;
        for (const auto& column : columns) {
            tallest = std::max(tallest, height_of(column));
        }
        // Room between columns for the longest label there may be.
        std::size_t longest = 0;
        for (const Edge& edge : edges_) {
            for (const Line& label : edge.labels) {
                longest = std::max(longest, label.text.size());
            }
        }
        const double gap = std::max(110.0, static_cast<double>(longest) * letter + 40);
        double x = margin;
        for (const auto& column : columns) {
            double y = head + (tallest - height_of(column)) / 2;
            double widest = 0;
            for (const std::size_t state : column) {
                boxes_[state].x = x;
                boxes_[state].y = y;
                y += boxes_[state].height + row_gap;
                widest = std::max(widest, boxes_[state].width);
            }
            for (const std::size_t state : column) {
                boxes_[state].width = widest;
            }
            x += widest + gap;
        }
        width_ = std::max(x - gap + margin, 560.0);
        height_ = head + tallest + margin;
        for (const Box& box : boxes_) {
            taken_.push_back({box.x - 2, box.y - 2, box.width + 4, box.height + 4});
        }
        spread_ports();
    }
    [[nodiscard]] double height_of(const std::vector<std::size_t>& column) const {
        double height = -row_gap;
        for (const std::size_t state : column) {
            height += boxes_[state].height + row_gap;
        }
        return height;
    }

    /// Where edges leave and enter a box: spread over its side, in the order of their other ends.
    void spread_ports() {
        std::map<std::pair<std::size_t, bool>, std::vector<std::pair<double, double*>>> sides;
        ports_.resize(edges_.size());
        for (std::size_t i = 0; i < edges_.size(); ++i) {
            const Box& from = boxes_[edges_[i].from];
            const Box& to = boxes_[edges_[i].to];
            const bool leaves_right = to.x >= from.x;
            const bool enters_right = from.x >= to.x;
            ports_[i].leaves_right = leaves_right;
            ports_[i].enters_right = enters_right;
            sides[{edges_[i].from, leaves_right}].emplace_back(to.middle(), &ports_[i].from_y);
            sides[{edges_[i].to, enters_right}].emplace_back(from.middle() + 0.5, &ports_[i].to_y);
        }
        for (auto& [side, ports] : sides) {
            std::ranges::sort(ports);
            const Box& box = boxes_[side.first];
            for (std::size_t i = 0; i < ports.size(); ++i) {
                *ports[i].second = box.y + box.height * static_cast<double>(i + 1) /
                                               static_cast<double>(ports.size() + 1);
            }
        }
    }

    void draw_edge(const Edge& edge, std::string& paths, std::string& labels) {
        const Port& port = ports_[static_cast<std::size_t>(&edge - edges_.data())];
        const Box& from = boxes_[edge.from];
        const Box& to = boxes_[edge.to];
        const Point a{port.leaves_right ? from.x + from.width : from.x, port.from_y};
        const Point d{(port.enters_right ? to.x + to.width : to.x), port.to_y};
        const double reach = std::max(40.0, std::abs(d.x - a.x) / 2);
        const Point b{a.x + (port.leaves_right ? reach : -reach), a.y};
        const Point c{d.x + (port.enters_right ? reach : -reach), d.y};
        width_ = std::max(width_, std::max(b.x, c.x) + margin);
        paths += fmt::format(
            "<path class=\"edge{}\" marker-end=\"url(#{})\" d=\"M {:.1f} {:.1f} C {:.1f} {:.1f} "
            "{:.1f} {:.1f} {:.1f} {:.1f}\"/>\n",
            edge.differs ? " differs" : "", edge.differs ? "tip-differs" : "tip", a.x, a.y, b.x,
            b.y, c.x, c.y, d.x, d.y);
        std::size_t longest = 0;
        for (const Line& label : edge.labels) {
            longest = std::max(longest, label.text.size());
        }
        Area area{.width = static_cast<double>(longest) * letter + 6,
                  .height = static_cast<double>(edge.labels.size()) * line_height + 2};
        const Point place = free_place(a, b, c, d, area);
        area.x = place.x - area.width / 2;
        area.y = place.y - area.height / 2;
        taken_.push_back(area);
        width_ = std::max(width_, area.x + area.width + margin);
        height_ = std::max(height_, area.y + area.height + margin);
        labels += fmt::format("<rect class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
                              "height=\"{:.1f}\"/>\n",
                              area.x, area.y, area.width, area.height);
        double y = area.y + line_height - 3;
        for (const Line& label : edge.labels) {
            labels += fmt::format("<text{} x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
                                  label.differs ? " class=\"differs\"" : "", area.x + 3, y,
                                  escape(label.text));
            y += line_height;
        }
    }

    /// A point on or near the curve where a label covers no box and no other label.
    [[nodiscard]] Point free_place(Point a, Point b, Point c, Point d, const Area& size) const {
        constexpr std::array places{0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8};
        Point best{};
        for (int shift = 0; shift < 12; ++shift) {
            for (const double t : places) {
                const double u = 1 - t;
                const auto on = [&](double p, double q, double r, double s) {
                    return u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s;
                };
                const int step = (shift + 1) / 2 * (shift % 2 == 0 ? 1 : -1);
                const Point at{on(a.x, b.x, c.x, d.x),
                               on(a.y, b.y, c.y, d.y) + static_cast<double>(step) * line_height};
                if (shift == 0 && t == places.front()) {
                    best = at;
                }
                const Area area{at.x - size.width / 2, at.y - size.height / 2, size.width,
                                size.height};
                const bool inside = area.x > 2 && area.y > head - 20;
                if (inside && std::ranges::none_of(
                                  taken_, [&](const Area& other) { return other.meets(area); })) {
                    return at;
                }
            }
        }
        return best;
    }

    void draw_box(const Box& box, std::string& out) const {
        out += fmt::format("<rect class=\"state\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
                           "height=\"{:.1f}\" rx=\"7\"/>\n",
                           box.x, box.y, box.width, box.height);
        double y = box.y + padding + line_height - 4;
        for (std::size_t i = 0; i < box.lines.size(); ++i) {
            out += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" "
                               "xml:space=\"preserve\">{}</text>\n",
                               i == 0                 ? "name"
                               : box.lines[i].differs ? "differs"
                                                      : "loop",
                               box.x + padding, y, escape(box.lines[i].text));
            y += line_height;
        }
    }

    [[nodiscard]] std::string frame(const std::string& content) const {
        std::string notes = diagram_.subtitle;
        if (!partly_.empty()) {
            notes += "  * from nearly all states: the others are drawn";
        }
        return fmt::format(
            R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" role="img">
<title>{2}</title>
<style>
svg {{ background: #fff; }}
text {{ font: 10.5px "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1d2733; }}
text.title {{ font-size: 15px; font-weight: bold; }}
text.name {{ font-weight: bold; }}
text.loop {{ fill: #5b6775; }}
text.differs {{ fill: #b3151f; font-weight: bold; }}
rect.state {{ fill: #eef3f9; stroke: #6b7f97; stroke-width: 1.2; }}
rect.label {{ fill: #fff; fill-opacity: .88; }}
path.edge {{ fill: none; stroke: #6b7f97; stroke-width: 1.2; }}
path.differs {{ stroke: #b3151f; stroke-width: 2.2; }}
</style>
<defs>
<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z" fill="#6b7f97"/></marker>
<marker id="tip-differs" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z" fill="#b3151f"/></marker>
</defs>
<text class="title" x="{3:.0f}" y="26">{2}</text>
<text class="loop" x="{3:.0f}" y="44">{4}</text>
{5}</svg>
)",
            std::ceil(width_), std::ceil(height_), escape(diagram_.title), margin, escape(notes),
            content);
    }

    struct Port {
        bool leaves_right = true, enters_right = false;
        double from_y = 0, to_y = 0;
    };

    const StateDiagram& diagram_;
    std::vector<Box> boxes_;
    std::vector<Edge> edges_;
    std::vector<Port> ports_;
    std::set<Way> common_;
    std::set<Way> partly_; ///< of the common ones, those that some state does not have
    std::vector<Area> taken_;
    double width_ = 0;
    double height_ = 0;
};

} // namespace

std::string draw_state_diagram(const StateDiagram& diagram) {
    return Drawing{diagram}.draw();
}

} // namespace meterbench::reports
