#pragma once
// `risk-manager doctor`: the examination as a table that grows while it is made, or as JSON.

#include <iosfwd>

#include "doctor/doctor.h"

namespace rm {

// Exit code: 0 everything ok, or only warnings; 1 something failed. With `json` the result is one object on `out`,
// and the table, as progress, goes to `err`.
[[nodiscard]] int doctor_command(const DoctorOptions& options, bool json, Environment environment, std::ostream& out,
                                 std::ostream& err);

}  // namespace rm
