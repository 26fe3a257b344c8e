// SPDX-License-Identifier: Apache-2.0
#define BOOST_TEST_MODULE METERBENCH_TEST_SUITE
#include <boost/test/unit_test.hpp>
