# noise_of SEED WORD...: `noise`, a seed for the data order, augmentation and dropout of one training
# alone, made from the words. A network that starts at an early moment of another run would see the
# very same batches under that run's seed.
noise_of() {
  local text="${*:2}" at code
  noise=0
  for ((at = 0; at < ${#text}; at++)); do
    printf -v code %d "'${text:at:1}"
    noise=$(((noise * 131 + code) % 1000003))
  done
  noise=$(((noise + 1) * 1000000 + $1))
}
