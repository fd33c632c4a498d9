#include <gtest/gtest.h>

#include "neurone/optimizer/schedules.h"
#include "tests/parity/recorded.h"

namespace neurone {
namespace {

using recorded::expect_agreement;
using recorded::Json;

Schedule schedule_of(const Json& each) {
  return {.shape = parse_choice<schedules::Any>("schedule", each["schedule"].get<std::string>())};
}

TEST(ParityOfSchedules, factors_agree_at_every_epoch) {
  const double epochs = recorded::figures("schedules.json", "epochs");
  for (const Json& each : recorded::figures("schedules.json", "cases")) {
    SCOPED_TRACE(each["schedule"]);
    const Schedule schedule = schedule_of(each);
    for (std::size_t epoch = 0; epoch < each["factors"].size(); ++epoch)
      expect_agreement<double>("epoch " + std::to_string(epoch),
                               schedule.factor(static_cast<double>(epoch), epochs, {}), each["factors"][epoch]);
  }
}

TEST(ParityOfSchedules, a_plateau_lowers_the_rate_after_the_same_epochs) {
  const double epochs = recorded::figures("schedules.json", "epochs");
  for (const Json& each : recorded::figures("schedules.json", "plateau")) {
    const Schedule schedule = schedule_of(each);
    PlateauState plateau;
    for (std::size_t epoch = 0; epoch < each["losses"].size(); ++epoch) {
      schedule.observe(each["losses"][epoch], plateau);
      expect_agreement<double>("after epoch " + std::to_string(epoch),
                               schedule.factor(static_cast<double>(epoch + 1), epochs, plateau),
                               each["factors"][epoch]);
    }
  }
}

}  // namespace
}  // namespace neurone
