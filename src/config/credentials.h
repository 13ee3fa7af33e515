#pragma once
// The login at the gateway: from PROJECT_X_USERNAME and PROJECT_X_API_KEY, or from a file that only its owner can
// read. Never from the configuration file.

#include <string>
#include <string_view>

#include "config/environment.h"
#include "config/secret.h"
#include "domain/result.h"

namespace rm {

struct Credentials {
  Secret username;
  Secret api_key;
};

// The environment goes first; `file` (empty: none) is read only when neither variable is set. One variable without
// the other is an error: halves of two logins are never put together. Errors (one sentence, never a value): NotFound
// (no login given), MissingField, Io (the file cannot be read), Refused (others may read the file, or it is not
// ours), Malformed.
// `login`: the name of one of several; its variables are PROJECT_X_USERNAME_NAME and PROJECT_X_API_KEY_NAME.
[[nodiscard]] Result<Credentials> load_credentials(Environment environment, const std::string& file,
                                                   std::string_view login = {});

}  // namespace rm
