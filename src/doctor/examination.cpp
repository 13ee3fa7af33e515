#include "doctor/examination.h"

#include <algorithm>
#include <utility>

namespace rm {

std::string_view name_of(Finding finding) {
  switch (finding) {
    case Finding::Ok:
      return "ok";
    case Finding::Warn:
      return "warn";
    case Finding::Fail:
      return "fail";
    case Finding::NotChecked:
      return "not_checked";
  }
  return "not_checked";
}

void Examination::ok(std::string_view name, std::string seen) {
  add({std::string{name}, Finding::Ok, std::move(seen), {}, login_});
}
void Examination::warn(std::string_view name, std::string seen, std::string to_do) {
  add({std::string{name}, Finding::Warn, std::move(seen), std::move(to_do), login_});
}
void Examination::fail(std::string_view name, std::string seen, std::string to_do) {
  add({std::string{name}, Finding::Fail, std::move(seen), std::move(to_do), login_});
}
void Examination::not_checked(std::string_view name, std::string why) {
  add({std::string{name}, Finding::NotChecked, std::move(why), {}, login_});
}

void Examination::rest_not_checked(std::initializer_list<std::string_view> names, const std::string& why) {
  for (const std::string_view name : names) {
    const bool said =
        std::ranges::any_of(checks_, [&](const Check& c) { return c.name == name && c.login == login_; });
    if (!said) not_checked(name, why);
  }
}

int Examination::count(Finding finding) const {
  return static_cast<int>(std::ranges::count(checks_, finding, &Check::finding));
}

void Examination::add(Check check) {
  checks_.push_back(std::move(check));
  tell_(checks_.back());
}

}  // namespace rm
