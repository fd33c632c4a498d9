// The order in which a product is computed: pieces of B that stay in the second-level cache and, against each of
// them, tiles of A that stay in the first-level cache. What a piece, a tile and a block look like is told by a
// format.
#pragma once

#include <algorithm>
#include <cstddef>

#include "neurone/math/product.h"

namespace neurone {

/// Where the sums of a block start and where they go.
template <class T> struct BlockOfC {
  std::size_t columns = 0;
  const T* start = nullptr;    ///< none: zero
  std::size_t start_step = 0;  ///< between its rows; 0: one row for all
  T* C = nullptr;
};

/// Computes a product with one member's memory. A format has
///     most_rows(), most_depth()          of a tile, of a piece
///     width(columns)                     of the panels that a piece of so many columns is cut into
///     take_piece(k, depth, j, columns)   gets B's rows k … and columns j … ready
///     take_tile(i, rows, k, depth)       gets A's rows i … and columns k … ready
///     sum(column, block)          one block: the tile against the piece's panel at that column
template <class T, class Format>
void multiply_by_pieces(const Product<T>& product, LookAhead* look_ahead, Finish finish, Format& format) {
  const std::size_t tiles = (product.rows + format.most_rows() - 1) / format.most_rows();
  const std::size_t tile_rows = tiles == 0 ? 0 : (product.rows + tiles - 1) / tiles;  // all about as high
  for (std::size_t j = 0; j < product.columns; j += Workbench<T>::columns) {
    const std::size_t columns = std::min(Workbench<T>::columns, product.columns - j);
    const std::size_t width = format.width(columns);
    std::size_t k = 0;
    do {  // once at least: an empty sum is its start
      const std::size_t depth = std::min(format.most_depth(), product.depth - k);
      const bool first = k == 0, last = k + depth == product.depth;
      format.take_piece(k, depth, j, columns);
      for (std::size_t i = 0; i < product.rows; i += tile_rows) {
        const std::size_t rows = std::min(tile_rows, product.rows - i);
        if (look_ahead != nullptr) look_ahead->some(Workbench<T>::lines_a_tile);
        format.take_tile(i, rows, k, depth);
        for (std::size_t c = 0; c < columns; c += width) {
          BlockOfC<T> block{.columns = std::min(width, columns - c), .C = product.C + i * product.C_step + j + c};
          if (!first) {  // goes on where the piece before stopped
            block.start = block.C;
            block.start_step = product.C_step;
          } else if (product.start != nullptr) {
            block.start = product.start + j + c;
          }
          format.sum(c, block);
        }
        if (last && finish)
          finish(
              {.row = product.place.row + i, .rows = rows, .column = product.place.column + j, .columns = columns});
      }
      k += depth;
    } while (k < product.depth);
  }
}

}  // namespace neurone
