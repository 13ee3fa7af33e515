#include "drill/drill.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <ostream>
#include <thread>

#include "config/load.h"
#include "drill/ground.h"
#include "drill/interrupt.h"
#include "drill/page_file.h"
#include "drill/patience.h"
#include "drill/report.h"
#include "drill/scratch.h"

namespace rm::drill {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int kExitProven = 0, kExitNot = 1, kExitInvalidConfig = 2;
constexpr std::size_t kSideBySide = 4;

bool same_rules(const std::vector<RuleConfig>& a, const std::vector<RuleConfig>& b) {
  return std::ranges::equal(a, b, same_rule);
}

// Every enabled rule of every account; accounts that share their rules share the proof.
class Plan {
 public:
  Plan(const Config& config, const std::vector<PaperAccount>& accounts) {
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      auto rules = config.rules_for(AccountId{accounts[i].id}, accounts[i].name);
      if (std::ranges::any_of(of_accounts_, [&](const auto& known) { return same_rules(*known, rules); })) continue;
      of_accounts_.push_back(std::make_unique<const std::vector<RuleConfig>>(std::move(rules)));
      RuleTask task;
      task.account = i;
      for (const RuleConfig& rule : *of_accounts_.back()) task.all.push_back(&rule);
      task.begin = good_time(config, task.all, computer_time());
      for (const RuleConfig& rule : *of_accounts_.back()) {
        task.rule = &rule;
        tasks.push_back(task);
      }
    }
  }
  std::vector<RuleTask> tasks;

 private:
  std::vector<std::unique_ptr<const std::vector<RuleConfig>>> of_accounts_;
};

// Says how far it is, from several threads.
class Progress {
 public:
  Progress(std::ostream& err, std::size_t all) : err_{err}, all_{all} {}
  void begin(const RuleTask& task) {
    const std::lock_guard guard{mutex_};
    err_ << fmt::format("drill: {} …\n", task.rule->rule) << std::flush;
  }
  void end(const RuleResult& result) {
    const std::lock_guard guard{mutex_};
    const auto missing = result.judgement.first_missing();
    const std::string how = !result.problem.empty() ? "NOT DONE: " + result.problem
                            : missing
                                ? fmt::format("{} {} NOT PROVEN: {}", link_names()[*missing].id,
                                              link_names()[*missing].name, result.judgement.links[*missing].text)
                                : "R1 to R14 proven";
    err_ << fmt::format("drill: [{}/{}] {}: {} ({}.{} s)\n", ++done_, all_, result.rule, how, result.took_ms / 1000,
                        result.took_ms / 100 % 10)
         << std::flush;
  }

 private:
  std::ostream& err_;
  std::mutex mutex_;
  std::size_t all_, done_ = 0;
};

// Each worker owns the processes that it starts.
std::vector<RuleResult> drill_all(const DrillSetting& setting, const std::vector<RuleTask>& tasks,
                                  const std::filesystem::path& dir, const std::atomic<bool>& stopped,
                                  std::ostream& err) {
  std::vector<RuleResult> results(tasks.size());
  Progress progress{err, tasks.size()};
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < tasks.size() && !stopped; i = next++) {
      progress.begin(tasks[i]);
      // Short: the path of a local socket has little room.
      results[i] = drill_rule(setting, tasks[i], dir / fmt::format("{:02}", i + 1), stopped);
      progress.end(results[i]);
    }
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < std::min(kSideBySide, tasks.size()); ++i) workers.emplace_back(work);
  workers.clear();
  return results;
}

int say(std::ostream& err, int exit_code, std::string_view sentence) {
  err << "risk-manager: drill: " << sentence << '\n';
  return exit_code;
}

int tell(const Report& report, bool json, PageFile* page, Scratch& scratch, std::ostream& out, std::ostream& err) {
  out << (json ? report_json(report) : report_text(report)) << std::flush;
  if (page != nullptr) {
    if (const auto written = page->replace(report_html(report)); !written)
      return say(err, kExitNot, written.error().message);
  }
  if (report.proven()) return kExitProven;
  scratch.keep();
  return say(err, kExitNot,
             fmt::format("{}. Everything that was written is in {}", report.verdict(), scratch.path().string()));
}

}  // namespace

int run_drill(const DrillOptions& options, std::ostream& out, std::ostream& err) {
  const std::atomic<bool>& stopped = note_interrupts();
  const auto programs = installed_programs();
  if (!programs) return say(err, kExitNot, programs.error().message);
  const auto scratch = Scratch::make("drill");
  if (!scratch) return say(err, kExitNot, scratch.error().message);
  auto file = config_or_own(options.config_file, (*scratch)->path());
  if (!file) return say(err, kExitNot, file.error().message);
  auto config = load_config(*file, options.environment, rule_registry());
  if (!config) {
    for (const Problem& problem : config.error()) err << problem.text() << '\n';
    return say(err, kExitInvalidConfig, "the configuration is not valid, nothing was started");
  }
  const Config paper = on_paper(*config);
  const auto accounts = paper_accounts(paper);
  const Plan plan{paper, accounts};
  if (plan.tasks.empty()) return say(err, kExitNot, "no rule is enabled: there is nothing to be broken");
  std::unique_ptr<PageFile> page;
  if (!options.html_file.empty()) {
    auto opened = PageFile::open(options.html_file);
    if (!opened) return say(err, kExitNot, opened.error().message);
    page = std::move(*opened);
  }
  const auto began = Clock::now();
  const DrillSetting setting{paper, options.environment, *programs, accounts, options.patience};
  Report report{.version = RM_VERSION,
                .config_file = options.config_file.empty() ? "built in" : options.config_file,
                .began = format_timestamp(computer_time()),
                .rules = drill_all(setting, plan.tasks, (*scratch)->path(), stopped, err)};
  report.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count();
  if (stopped) return say(err, kExitNot, "stopped");
  return tell(report, options.json, page.get(), **scratch, out, err);
}

}  // namespace rm::drill
