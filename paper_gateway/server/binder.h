// Reads the members of a request body into typed values and notes everything that does not bind, for one 400 answer.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "paper_gateway/exchange/decimal.h"
#include "paper_gateway/exchange/ids.h"
#include "paper_gateway/exchange/paper_time.h"
#include "paper_gateway/server/http.h"
#include "paper_gateway/server/json.h"

namespace paper {

// An absent or wrong required member gives a default value and a note; use nothing before asking ok(). Numbers in
// quotes are wrong. Optional members may be absent or null.
class Binder {
 public:
  explicit Binder(const Json& object);  // must outlive the binder

  bool boolean(std::string_view name);
  std::string string(std::string_view name);
  int int32(std::string_view name);
  std::int64_t int64(std::string_view name);
  AccountId account(std::string_view name = "accountId") { return AccountId{int32(name)}; }
  PaperTime time(std::string_view name);

  std::optional<bool> optional_boolean(std::string_view name);
  std::optional<std::string> optional_string(std::string_view name);
  std::optional<int> optional_int32(std::string_view name);
  std::optional<Decimal> optional_decimal(std::string_view name);
  std::optional<PaperTime> optional_time(std::string_view name);
  const Json* optional_object(std::string_view name);  // null pointer when absent
  std::optional<std::vector<int>> optional_int32s(std::string_view name);
  const Json* object(std::string_view name);  // a required object; null pointer when noted

  // Notes every member that none of the names fits.
  void refuse_others(std::span<const std::string_view> names);
  // Notes of a binder for a member object count as notes of this one.
  void adopt(const Binder& inner, std::string_view name);
  void note(std::string_view name, std::string_view problem);
  bool ok() const { return notes_.empty(); }
  HttpResponse problem() const;  // the 400 answer with every note
  std::string sentence() const;  // the same notes in one line

 private:
  const Json* present(std::string_view name);   // null pointer when absent or null
  const Json* required(std::string_view name);  // notes when absent or null
  void wrong(std::string_view name, std::string_view wanted);

  const Json& object_;
  Pairs notes_;
};

// RFC 7807 problem details; `errors` may be empty.
HttpResponse problem_details(int status, std::string_view title, const Pairs& errors = {});

}  // namespace paper
