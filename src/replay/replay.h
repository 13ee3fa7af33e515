#pragma once
// A recorded journal, run through book and engine again, step by step. Between two steps book, engine and rules can
// be asked anything. The same configuration takes the same decisions, byte for byte; another one shows what it would
// have decided on the same events (what its decisions would have changed in them is not made up). Several logins of
// one program are one journal: each has its book, engine and rules, and their enforcements are numbered together.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/config.h"
#include "risk_engine/risk_engine.h"
#include "store/record.h"
#include "store/run_records.h"

namespace rm {

// One thing that the journal tells; book and engine have seen it already. Valid until the next step().
struct ReplayStep {
  enum class Kind : std::uint8_t {
    RunStarted,    // a start of the program, or of one more of its logins: book and engine are new ones
    Event,         // `event`, and in `replayed` what the engine decided on it now
    Decision,      // `recorded`: what was decided then, on the event before it
    Receipt,       // `receipt`: an enforcement was over
    RulesChanged,  // other rules from here on
    Other          // anything else: `record` has its type and bytes (store/codec.h reads them)
  };
  Kind kind{};
  JournalRecord record;          // quotes share one record
  std::string_view login;        // whose it is; empty: of the only one, or of none
  bool program_started = false;  // with RunStarted: the logins of before are gone
  const RiskEvent* event = nullptr;
  std::span<const Decision> replayed;
  const Decision* recorded = nullptr;
  const Receipt* receipt = nullptr;
};

class ReplaySteps;  // how a record becomes a step

class Replay {
 public:
  // `journal` is a data directory, or a folder of journal segments; it is only read. With `other`, its rules,
  // valuation and trading day stand in place of those that were recorded. Errors (one sentence): no such folder, not
  // readable, no journal in it, a journal without the records that a replay needs.
  [[nodiscard]] static Result<std::unique_ptr<Replay>> open(const std::filesystem::path& journal,
                                                            std::optional<Config> other = std::nullopt);
  ~Replay();
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  // Reads on. Null: the journal is at its end. Errors (one sentence): damaged, records missing, not readable, a
  // recorded configuration that this version cannot read.
  [[nodiscard]] Result<const ReplayStep*> step();

  // ── what is so after the last step, of its login; from the first RunStarted on ──
  [[nodiscard]] const Book& book() const;
  [[nodiscard]] const RiskEngine& engine() const;
  [[nodiscard]] ContractTable& contracts();  // mutable, for decoding records
  [[nodiscard]] const RunStart& run() const;
  [[nodiscard]] const Config& config() const;  // that the engine goes by now
  // Of all logins that have started with the program.
  [[nodiscard]] std::vector<AccountId> accounts() const;
  // The login of this account is meant, until the next step. False: none has it, and nothing changes.
  bool look_at(AccountId account);

  // ── how much there was ──
  [[nodiscard]] std::uint64_t events() const;
  [[nodiscard]] std::uint64_t runs() const;  // of the program
  // Records before the first start of a run: nothing can be judged in them. `first` is the number of the first record
  // that is still there, above 1 when the oldest have been removed.
  struct Before {
    std::uint64_t first = 0, records = 0;
  };
  [[nodiscard]] const Before& before() const;

 private:
  explicit Replay(std::unique_ptr<ReplaySteps> steps);
  std::unique_ptr<ReplaySteps> steps_;
};

}  // namespace rm
