// SPDX-License-Identifier: Apache-2.0
#include "core/application/names.hpp"

#include "core/application/coding.hpp"
#include "core/application/quantity.hpp"
#include "core/application/unit.hpp"

namespace meterbench::core::application {

std::optional<Quantity> quantity_of(std::string_view name) {
    return detail::find_name<Quantity>(quantity_names, name);
}

std::optional<Unit> unit_of(std::string_view name) {
    return detail::find_name<Unit>(unit_names, name);
}

std::optional<Coding> coding_of(std::string_view name) {
    return detail::find_name<Coding>(coding_names, name);
}

std::optional<Function> function_of(std::string_view name) {
    return detail::find_name<Function>(function_names, name);
}

} // namespace meterbench::core::application
