#pragma once
// Errors are values: what was wrong, where, what is allowed.

#include <expected>
#include <string>
#include <utility>

namespace rm {

enum class ErrorCode {
  Malformed,     // text or JSON that cannot be read
  OutOfRange,    // a number beyond what its type may carry
  MissingField,  // a required member is absent or null
  UnknownValue,  // an enum number or name that is not defined
  UnknownContract,
  UnknownAccount,
  NotFound,
  Io,
  Refused,
  Unauthorised,
  Unavailable,
};

struct Error {
  ErrorCode code{};
  std::string message;
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected<Error>{Error{code, std::move(message)}};
}

}  // namespace rm
