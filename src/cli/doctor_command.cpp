#include "cli/doctor_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "domain/counted.h"
#include "observe/log.h"

namespace rm {
namespace {

std::string_view mark_of(Finding finding) {
  switch (finding) {
    case Finding::Ok:
      return "ok";
    case Finding::Warn:
      return "WARN";
    case Finding::Fail:
      return "FAIL";
    case Finding::NotChecked:
      return "-";
  }
  return "-";
}

std::string row(const Check& check) {
  const std::string of = check.login.empty() ? "" : fmt::format("login '{}': ", check.login);
  std::string text = fmt::format("{:<5} {:<15} {}{}\n", mark_of(check.finding), check.name, of, redacted(check.seen));
  if (!check.to_do.empty()) text += fmt::format("{:<21} to do: {}\n", "", check.to_do);
  return text;
}

std::string summary(const Examination& examination) {
  return fmt::format("{} ok, {} to look at, {} FAILED, {} not checked\n", examination.count(Finding::Ok),
                     examination.count(Finding::Warn), examination.count(Finding::Fail),
                     examination.count(Finding::NotChecked));
}

std::string_view verdict_of(const Examination& examination) {
  if (examination.count(Finding::Fail) > 0) return name_of(Finding::Fail);
  return name_of(examination.count(Finding::Warn) > 0 ? Finding::Warn : Finding::Ok);
}

std::string json_of(const Examination& examination) {
  nlohmann::ordered_json checks = nlohmann::ordered_json::array();
  for (const Check& check : examination.checks()) {
    checks.push_back(
        {{"name", check.name},
         {"result", name_of(check.finding)},
         {"seen", redacted(check.seen)},
         {"to_do", check.to_do.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(check.to_do)}});
    if (!check.login.empty()) checks.back()["login"] = check.login;
  }
  const nlohmann::ordered_json all{{"result", verdict_of(examination)}, {"checks", std::move(checks)}};
  return all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

int doctor_command(const DoctorOptions& options, bool json, Environment environment, std::ostream& out,
                   std::ostream& err) {
  umask(077);
  const rlimit none{0, 0};  // a core dump would hold the key and the token
  setrlimit(RLIMIT_CORE, &none);
  std::ostream& table = json ? err : out;
  Examination examination{[&table](const Check& check) { table << row(check) << std::flush; }};
  examine(options, environment, examination);
  table << summary(examination) << std::flush;
  if (json) out << json_of(examination) << std::flush;
  const auto failed = static_cast<std::uint64_t>(examination.count(Finding::Fail));
  if (failed == 0) return 0;
  fmt::print(err, "risk-manager: doctor: {} FAILED: what to do stands below each\n", counted(failed, "check"));
  return 1;
}

}  // namespace rm
