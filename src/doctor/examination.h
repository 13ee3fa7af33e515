#pragma once
// What a doctor found: one line a check, told as it is found.

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace rm {

enum class Finding : std::uint8_t { Ok, Warn, Fail, NotChecked };
[[nodiscard]] std::string_view name_of(Finding finding);  // "ok", "warn", "fail", "not_checked"

struct Check {
  std::string name;  // stable: "clock"
  Finding finding = Finding::Ok;
  std::string seen;     // a sentence
  std::string to_do;    // empty: nothing
  std::string login{};  // which of several it is about; empty: all of them, or the only one
};

class Examination {
 public:
  using Tell = std::function<void(const Check&)>;
  explicit Examination(Tell tell) : tell_{std::move(tell)} {}
  // What follows is about this login; empty: about no single one.
  void about(std::string login) { login_ = std::move(login); }

  void ok(std::string_view name, std::string seen);
  void warn(std::string_view name, std::string seen, std::string to_do);
  void fail(std::string_view name, std::string seen, std::string to_do);
  void not_checked(std::string_view name, std::string why);
  void add(Check check);
  // Those of `names` of which nothing has been said yet (of this login).
  void rest_not_checked(std::initializer_list<std::string_view> names, const std::string& why);

  [[nodiscard]] const std::vector<Check>& checks() const { return checks_; }
  [[nodiscard]] int count(Finding finding) const;

 private:
  Tell tell_;
  std::string login_;
  std::vector<Check> checks_;
};

}  // namespace rm
