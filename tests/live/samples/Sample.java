// SPDX-License-Identifier: GPL-3.0-or-later
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A Java program with objects, direct memory and threads. */
public class Sample {
  public static void main(String[] arguments) throws Exception {
    List<Object> kept = new ArrayList<>();
    for (int i = 0; i < 300000; i++) {
      kept.add("object " + i);
    }
    for (int i = 0; i < 8; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
      for (int at = 0; at < buffer.capacity(); at += 4096) {
        buffer.put(at, (byte) 1);
      }
      kept.add(buffer);
    }
    CountDownLatch made = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> {
        made.countDown();
        try {
          Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException ignored) {
          Thread.currentThread().interrupt();
        }
      }, "sample-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    made.await();
    System.out.println("ready");
    System.out.flush();
    while (System.in.read() >= 0) {
      continue;
    }
    System.exit(kept.isEmpty() ? 1 : 0);
  }
}
