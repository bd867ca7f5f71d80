import type { Catalogue } from '../catalogue.ts';
import { vietnameseProblems } from './vietnamese-problems.ts';
import { vietnameseConsent } from './vietnamese-consent.ts';
import { vietnameseConnection } from './vietnamese-connection.ts';
import { vietnameseProviders } from './vietnamese-providers.ts';

export const vietnamese: Catalogue = {
  statuses: {
    starting: 'Đang bắt đầu',
    queued: 'Đã xếp hàng',
    syncing: 'Đang đồng bộ',
    synced: 'Đã đồng bộ',
    throttled: 'Bị giới hạn tốc độ',
    'needs-attention': 'Cần chú ý',
    'waiting-for-user': 'Đang chờ người dùng',
    stopping: 'Đang dừng',
    stopped: 'Đã dừng',
    failed: 'Thất bại',
    closed: 'Đã đóng',
  },
  failures: {
    'host-not-found': {
      summary: 'Tên máy chủ không tồn tại.',
      remedy: 'Kiểm tra chính tả của tên máy chủ, hoặc chọn nhà cung cấp trong danh sách.',
    },
    'connection-refused': {
      summary: 'Máy chủ từ chối kết nối.',
      remedy: 'Kiểm tra cổng (993 cho TLS, 143 cho STARTTLS) và IMAP đã được bật trên máy chủ.',
    },
    'connection-timeout': {
      summary: 'Máy chủ không trả lời kịp thời.',
      remedy: 'Kiểm tra tên và cổng máy chủ, và tường lửa của nó có cho dịch vụ này vào không.',
    },
    'tls-untrusted': {
      summary: 'Không thể tin cậy chứng chỉ của máy chủ.',
      remedy: 'Dùng tên máy chủ mà chứng chỉ được cấp, hoặc thêm chứng chỉ của cơ quan cấp.',
    },
    'tls-unavailable': {
      summary: 'Máy chủ không cung cấp mã hóa trên cổng này.',
      remedy: 'Chọn TLS trên cổng 993, hoặc yêu cầu nhà cung cấp bật STARTTLS.',
    },
    'greeting-invalid': {
      summary: 'Bên trả lời không phải là máy chủ IMAP.',
      remedy: 'Kiểm tra cổng và thiết lập bảo mật: TLS thường là cổng 993, STARTTLS là cổng 143.',
    },
    'connection-closed': {
      summary: 'Máy chủ đã đóng kết nối.',
      remedy: 'Hệ thống sẽ tự thử lại. Nếu vẫn tiếp diễn, hãy hỏi nhà cung cấp về giới hạn kết nối.',
    },
    'authentication-failed': {
      summary: 'Máy chủ không chấp nhận tên người dùng hoặc mật khẩu.',
      remedy: 'Hãy sửa lại; nhiều nhà cung cấp cần mật khẩu ứng dụng và IMAP được bật cho tài khoản.',
    },
    'credential-missing': {
      summary: 'Chưa có mật khẩu cho hộp thư này.',
      remedy: 'Nhập mật khẩu hoặc mật khẩu ứng dụng, hoặc gửi cho người dùng liên kết để cung cấp.',
    },
    'sign-in-name-invalid': {
      summary: 'Không thể tạo tên người dùng để quản trị viên đăng nhập.',
      remedy:
        'Kiểm tra dạng tên người dùng trong cách đăng nhập của máy chủ, và người dùng này có đủ các phần.',
    },
    'user-root-missing': {
      summary: 'Nguồn không có thư mục mà hộp thư bắt đầu từ đó.',
      remedy: 'Kiểm tra UserRoot của người dùng, và tài khoản được phép thấy thư mục đó.',
    },
    'token-refused': {
      summary: 'Máy chủ thư không chấp nhận mã thông báo OAuth 2.0.',
      remedy:
        'Kiểm tra tên người dùng là hộp thư của tài khoản, và ứng dụng được phép mở hộp thư đó qua IMAP.',
    },
    'token-unavailable': {
      summary: 'Dịch vụ đăng nhập không cấp mã thông báo OAuth 2.0.',
      remedy: 'Việc này tự được thử lại. Nếu vẫn còn, hãy kiểm tra địa chỉ cấp mã thông báo.',
    },
    'consent-missing': {
      summary: 'Sự đồng ý cho mở hộp thư này đã bị rút lại, hết hạn hoặc chưa được cấp.',
      remedy: 'Cấp lại sự đồng ý cho hộp thư này; nó sẽ tiếp tục từ chỗ đã dừng.',
    },
    'admin-consent-missing': {
      summary: 'Chưa có quản trị viên nào cho phép ứng dụng mở hộp thư.',
      remedy:
        'Với tư cách quản trị viên, hãy đồng ý với các quyền của ứng dụng (Google: ủy quyền trên toàn miền).',
    },
    'oauth-client-refused': {
      summary: 'Dịch vụ đăng nhập không chấp nhận ứng dụng.',
      remedy: 'Kiểm tra thư mục, mã ứng dụng, phạm vi, và khóa hoặc bí mật còn hiệu lực.',
    },
    'clock-skew': {
      summary: 'Đồng hồ của máy này và của dịch vụ đăng nhập lệch nhau quá nhiều.',
      remedy: 'Chỉnh đồng hồ của máy này, chẳng hạn bằng NTP, rồi khởi động lại hộp thư.',
    },
    'permission-denied': {
      summary: 'Tài khoản đã đăng nhập không được mở hộp thư hoặc thư mục này.',
      remedy: 'Cấp cho tài khoản quản trị toàn quyền truy cập hộp thư, rồi bắt đầu lại.',
    },
    'over-quota': {
      summary: 'Hộp thư đích đã đầy.',
      remedy: 'Tăng hạn mức hoặc giải phóng dung lượng, rồi bắt đầu lại; công việc tiếp tục từ chỗ đã dừng.',
    },
    'folder-refused': {
      summary: 'Máy chủ đích từ chối tạo hoặc mở một thư mục.',
      remedy:
        'Xem tên thư mục trong sự kiện của hộp thư. Tạo nó thủ công hoặc đổi tên ở nguồn, rồi bắt đầu lại.',
    },
    throttled: {
      summary: 'Máy chủ yêu cầu làm chậm lại.',
      remedy: 'Không cần làm gì: công việc tự tiếp tục vào thời điểm được hiển thị.',
    },
    'daily-volume': {
      summary: 'Tài khoản đã chuyển hết lượng thư mà nhà cung cấp cho phép trong một ngày.',
      remedy: 'Không cần làm gì: công việc sẽ tự tiếp tục vào thời điểm đã nêu.',
    },
    'server-error': {
      summary: 'Máy chủ báo lỗi nội bộ.',
      remedy: 'Hệ thống sẽ tự thử lại. Nếu vẫn tiếp diễn, hãy cho nhà cung cấp xem sự kiện của hộp thư.',
    },
    'protocol-error': {
      summary: 'Máy chủ gửi dữ liệu không đúng chuẩn IMAP.',
      remedy: 'Bắt đầu lại hộp thư. Nếu vẫn tiếp diễn, hãy báo cáo máy chủ kèm sự kiện của hộp thư.',
    },
    'command-timeout': {
      summary: 'Máy chủ ngừng trả lời.',
      remedy: 'Hệ thống sẽ tự thử lại. Nếu vẫn tiếp diễn, hãy dùng ít kết nối hơn cho máy chủ này.',
    },
    'address-forbidden': {
      summary: 'Tên máy chủ dẫn đến một địa chỉ trong mạng riêng, điều này không được phép.',
      remedy:
        'Dùng tên công khai của máy chủ; người vận hành có thể cho phép địa chỉ riêng trên bản cài đặt riêng.',
    },
    'ledger-mismatch': {
      summary: 'Ghi chép về những gì đã sao chép không khớp với những gì các máy chủ hiển thị.',
      remedy: 'Bắt đầu lại hộp thư: hai bên sẽ được so sánh lại. Không có gì bị xóa.',
    },
    'ledger-double-claim': {
      summary: 'Hai thư ở nguồn được ghi là cùng một thư ở đích.',
      remedy:
        'Một trong hai thư có thể bị thiếu ở đích: hãy so sánh thư mục được nêu trong sự kiện. Một lần di chuyển mới cho hộp thư này sẽ nhận ra những gì đã có và chỉ sao chép những gì còn thiếu.',
    },
    'dead-letter': {
      summary: 'Công việc trên hộp thư đã thất bại nhiều lần liên tiếp.',
      remedy: 'Xem nguyên nhân trong sự kiện của hộp thư, khắc phục, rồi bắt đầu lại hộp thư.',
    },
    internal: {
      summary: 'Đã xảy ra lỗi trong chính Mailhaul.',
      remedy: 'Bắt đầu lại hộp thư. Nếu vẫn tiếp diễn, hãy báo cho người vận hành thời điểm được hiển thị.',
    },
  },
  items: {
    vanished: {
      summary: 'Thư đã bị xóa hoặc chuyển đi ở nguồn trước khi kịp sao chép.',
      remedy: 'Không cần làm gì; nếu thư được chuyển đi, nó sẽ được sao chép cùng thư mục mới.',
    },
    'too-big': {
      summary: 'Thư lớn hơn mức máy chủ đích chấp nhận.',
      remedy: 'Tăng giới hạn kích thước thư ở đích rồi thử lại, hoặc chuyển thư thủ công.',
    },
    refused: {
      summary: 'Máy chủ đích từ chối thư.',
      remedy: 'Câu trả lời của máy chủ được hiển thị bên cạnh; khắc phục nguyên nhân rồi thử lại.',
    },
    'line-too-long': {
      summary: 'Thư có một dòng dài hơn mức máy chủ đích chấp nhận.',
      remedy: 'Chuyển tiếp thư dưới dạng tệp đính kèm từ hộp thư cũ.',
    },
    'bad-flag': {
      summary: 'Máy chủ đích từ chối thư vì một trong các cờ của nó.',
      remedy: 'Gỡ cờ hoặc nhãn bất thường ở nguồn rồi thử lại.',
    },
    'eight-bit-header': {
      summary: 'Phần đầu thư có ký tự 8 bit thô mà máy chủ đích từ chối.',
      remedy: 'Chuyển tiếp thư dưới dạng tệp đính kèm từ hộp thư cũ.',
    },
    'nul-byte': {
      summary: 'Thư chứa một byte không (NUL) mà máy chủ đích từ chối.',
      remedy: 'Chuyển tiếp thư dưới dạng tệp đính kèm từ hộp thư cũ.',
    },
    'over-quota': {
      summary: 'Hộp thư đích đã đầy.',
      remedy: 'Tăng hạn mức hoặc giải phóng dung lượng, rồi thử lại.',
    },
    'source-unreadable': {
      summary: 'Máy chủ nguồn không thể chuyển giao thư.',
      remedy: 'Thử mở thư trong hộp thư cũ; nếu mở được ở đó, hãy thử lại.',
    },
    'other-label': {
      summary: 'Thư này được sao chép cùng với một nhãn khác của nó.',
      remedy: 'Không cần làm gì; thư nằm trong thư mục của nhãn đó.',
    },
    altered: {
      summary: 'Thư đã được sao chép, nhưng máy chủ đích lưu nó ở dạng khác.',
      remedy: 'Không cần làm gì; nội dung vẫn còn. Nếu cần đúng từng byte, hãy giữ bản gốc thành tệp.',
    },
    unknown: {
      summary: 'Không thể sao chép thư vì lý do không rõ.',
      remedy: 'Thử lại; nếu vẫn tiếp diễn, hãy cho người vận hành xem câu trả lời của máy chủ.',
    },
  },
  problems: vietnameseProblems,
  providers: vietnameseProviders,
  connection: vietnameseConnection,
  consent: vietnameseConsent,
};
