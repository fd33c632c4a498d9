// Columns found by name in tables of any width.
#include "neurone/data/column_names.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/data/csv_blocks.h"
#include "tests/data/temporary_folder.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

TEST(ColumnNames, every_column_of_a_wide_table_is_found) {
  std::vector<std::string> names;
  for (int j = 0; j < 200'000; ++j) names.push_back("gene" + std::to_string(j));
  const ColumnNames columns(names);
  for (std::size_t j = 0; j < names.size(); ++j) ASSERT_EQ(columns.find(names[j]), j);
  EXPECT_EQ(columns.find("gene"), std::nullopt);
}

TEST(ColumnNames, equal_names_are_told_by_their_places) {
  const ColumnNames columns({"a", "b", "c", "b"});
  EXPECT_EQ(columns.find("b"), 1U);
  EXPECT_EQ(message_of<Error>([&] { columns.refuse_equal("t.csv"); }),
            "t.csv: two columns are called 'b': columns 2 and 4");
}

TEST(ColumnNames, are_looked_at_once_for_all_blocks_of_a_table) {
  const TemporaryFolder folder;
  CsvBlocks blocks(folder.write("t.csv", "a,b\n1,2\n3,4\n5,6\n"), {}, {}, 5);
  const auto first = blocks.next(), second = blocks.next();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(&first->names(), &second->names());
}

}  // namespace
}  // namespace neurone
