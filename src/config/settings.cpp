#include "config/settings.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace rm {
namespace {

constexpr Param param(ParamKind kind, std::string_view name, std::string_view fallback, std::string_view sentence) {
  Param out;
  out.name = name;
  out.kind = kind;
  out.default_text = fallback;
  out.sentence = sentence;
  return out;
}

// Of a text, `choices` holds the words for what is allowed.
constexpr Param text(std::string_view name, std::string_view allowed, std::string_view fallback,
                     std::string_view sentence) {
  Param out = param(ParamKind::Text, name, fallback, sentence);
  out.choices = allowed;
  return out;
}

constexpr std::string_view kApi = "an https address without a query";
constexpr std::string_view kHub = "an https or wss address without a query";
constexpr std::string_view kPath =
    "a path; a relative one starts at the folder of this file, and '~' is not replaced";

constexpr Param above_zero(ParamKind kind, std::string_view name, std::string_view fallback,
                           std::string_view sentence) {
  Param out = param(kind, name, fallback, sentence);
  out.bound = Bound::AboveZero;
  return out;
}

constexpr Param choice(std::string_view name, std::string_view choices, std::string_view fallback,
                       std::string_view sentence) {
  Param out = param(ParamKind::Choice, name, fallback, sentence);
  out.choices = choices;
  return out;
}

constexpr std::array top{
    text("firm", "the short name of a firm", "",
         "The firm whose gateway is used, by its short name; stands for the three addresses of `gateway`."),
    text("credentials_file", kPath, "",
         "A file with `username:` and `api_key:` that only its owner can read; used when PROJECT_X_USERNAME and "
         "PROJECT_X_API_KEY are not set."),
};

constexpr Param required(Param param) {
  param.required = true;
  return param;
}

constexpr std::array logins{
    required(text("name", "up to 32 letters, digits, '-' and '_'", "",
                  "What the login is called in the log, in `status` and in the names of its environment variables.")),
    text("firm", "the short name of a firm", "",
         "The firm whose gateway is used, by its short name; or a `gateway`, with the keys of the section of that "
         "name "
         "below."),
    text("credentials_file", kPath, "",
         "A file with `username:` and `api_key:` that only its owner can read; used when PROJECT_X_USERNAME_NAME and "
         "PROJECT_X_API_KEY_NAME are not set, NAME being that of the login in capitals with '_' for '-'."),
};

constexpr std::array gateway{
    text("api_url", kApi, "https://api.topstepx.com",
         "The gateway's REST address; plain http only for this machine."),
    text("user_hub_url", kHub, "https://rtc.topstepx.com/hubs/user",
         "The hub that reports accounts, orders, positions and trades."),
    text("market_hub_url", kHub, "https://rtc.topstepx.com/hubs/market", "The hub that reports quotes."),
    text("ca_file", kPath, "",
         "A PEM file with one more certificate authority to trust, beside those of the system."),
    above_zero(ParamKind::TimeSpan, "frozen_feed_after", "15s",
               "No price for this long while the market is open and something is held or ordered: the market "
               "connection is made anew, each time in vain after twice the wait, up to 5 minutes."),
    above_zero(
        ParamKind::TimeSpan, "hub_timeout", "30s",
        "A hub that sends nothing for this long, not even a ping, is lost and connected to again; from 5s to 2m. "
        "The gateway pings every 15 s: with less than twice that a healthy hub may be taken for a dead one."),
};

constexpr std::array trading_day{
    text("reset", "a local time of day from 00:00 to 23:59, like \"17:00\"", "\"17:00\"",
         "Local time at which a trading day ends and the next begins; locks until the reset end then."),
    text("timezone", "the name of a time zone, like America/Chicago", "America/Chicago",
         "The zone of `reset`; on the day of a clock change the reset stays at the local time."),
};

constexpr std::array valuation{
    choice("mark", "last|mid|exit", "last",
           "The price an open position is valued at: last trade, middle of bid and ask, or the price to get out (bid "
           "for long, ask for short)."),
    above_zero(ParamKind::TimeSpan, "stale_after", "30s",
               "A quote older than this is not trusted: rules that need it fall back to the last mark and warn."),
};

constexpr std::array on_blind{
    choice("action", "warn|flatten", "warn",
           "What is done about what was open when the account was last seen: a person is told, or it is closed over "
           "REST as soon as that can be reached."),
    above_zero(ParamKind::TimeSpan, "after", "30s", "How long nothing must have been seen before it is closed."),
};

constexpr std::array log{
    text("dir", kPath, "", "Folder of the log files; left out: `log` in the data directory."),
    choice("level", "trace|debug|info|warn|error", "info", "The least important lines that are kept."),
    above_zero(ParamKind::Int, "rotate_mb", "50", "Size in MiB at which a new file is begun."),
    above_zero(ParamKind::Int, "keep", "10", "How many older files are kept."),
    choice("format", "json|text|both", "json",
           "One JSON object a line (for programs), plain lines (for people), or a file of each."),
};

constexpr std::array journal{
    above_zero(ParamKind::Int, "keep_mb", "512",
               "How many MiB of journal stay in the data directory; the oldest files go first. What has gone can no "
               "longer be replayed: a day of a few contracts takes some 10 to 200 MiB."),
};

constexpr Param enabled =
    param(ParamKind::Bool, "enabled", "true", "Whether the rule is enforced; a rule without a section is not.");

constexpr std::array tables{
    SettingsTable{"", "Plain keys at the top of the file.", top},
    SettingsTable{
        "logins",
        "Several logins in one process, in place of `gateway`, `firm`, `credentials_file` and `accounts` at "
        "the top of the file: a list whose entries have these keys.",
        logins},
    SettingsTable{"gateway", "Where the broker is. The three addresses belong together: give all of them, or none.",
                  gateway},
    SettingsTable{"trading_day", "When a trading day begins and ends.", trading_day},
    SettingsTable{"valuation", "What an open position is worth.", valuation},
    SettingsTable{"on_blind", "When neither the stream nor reads tell what happens in an account.", on_blind},
    SettingsTable{"log", "The log files.", log},
    SettingsTable{"journal", "What the engine saw and decided, for `risk-manager replay`.", journal},
};

}  // namespace

std::span<const SettingsTable> settings_tables() {
  return tables;
}

std::span<const Param> settings_params(std::string_view section) {
  const auto* const table = std::ranges::find(tables, section, &SettingsTable::section);
  if (table == tables.end()) throw std::logic_error{"no settings table '" + std::string{section} + "'"};
  return table->params;
}

const Param& enabled_param() {
  return enabled;
}

}  // namespace rm
