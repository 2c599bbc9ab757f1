# Prints a line for each check. The exit status is 1 if one failed.

$failed = 0
at_exit { exit 1 if $failed > 0 }

def check(what)
  yield
  puts "ok    #{what}"
rescue StandardError => problem
  $failed += 1
  puts "FAIL  #{what}", problem.full_message(highlight: false)
end

def equal(expected, found)
  raise "#{found.inspect} is not #{expected.inspect}" if found != expected
end
